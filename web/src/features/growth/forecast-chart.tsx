/** MRR realised and to come, with its interval and the objective; split by segment, product or stage on demand. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { BarChart, ChartSkeleton, LineChart, type SeriesColor } from "@/components/charts";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { ErrorState } from "@/components/ui/states";
import { usePhone } from "@/lib/hooks";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Forecast, forecastQuery, objectivesQuery, pipelineQuery } from "./api";
import { forecastSubtitle, forecastTitle } from "./finding";
import { forecastPoints, partPoints, stagePoints } from "./forecast-points";
import { ForecastSheet } from "./forecast-sheet";
import {
  type GrowthSearch,
  isSliced,
  MONTHS,
  type Months,
  type Moves,
  monthOf,
  SPLITS,
  type Split,
} from "./periods";
import { useSlice } from "./slice";
import { forecastTarget } from "./values";

const HEIGHT = 320;

export interface ForecastChartProps {
  months: Months;
  onOpen: (moves: Moves) => void;
}

export function ForecastChart({ months, onOpen }: ForecastChartProps) {
  const { t } = useTranslation("growth");
  const slice = useSlice();
  const [search, set] = useUrlState<GrowthSearch>();
  const split = search.split;
  const query = useQuery(forecastQuery(months, slice, split));
  const objectives = useQuery(objectivesQuery);
  const [month, setMonth] = useState<string>();
  if (!query.data) {
    return query.isError ? (
      <Card className="p-4">
        <ErrorState
          title={t("forecast.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </Card>
    ) : (
      <ChartSkeleton height={HEIGHT} />
    );
  }
  const forecast = query.data;
  // While another period is on its way, the words still speak of what is shown.
  const shown = MONTHS.find((n) => n === forecast.base.length) ?? months;
  // Objectives are those of the whole workspace.
  const objective = isSliced(slice)
    ? undefined
    : forecastTarget(objectives.data?.items, forecast.asOf);
  const open = (day: string) => {
    if (day > forecast.asOf) setMonth(day.slice(0, 7));
    else onOpen(monthOf(day));
  };
  const parts = {
    forecast,
    months: shown,
    onOpenPoint: open,
    actions: (
      <Segmented
        label={t("forecast.split.label")}
        value={split ?? "total"}
        onChange={(value) => set({ split: value === "total" ? undefined : (value as Split) })}
        options={(["total", ...SPLITS] as const).map((value) => ({
          value,
          label: t(`forecast.split.${value}`),
        }))}
      />
    ),
  };
  return (
    <>
      {split === "stage" ? (
        <Stages {...parts} />
      ) : split && forecast.parts.length > 0 ? (
        <Parts {...parts} split={split} />
      ) : (
        <Total {...parts} objective={objective} />
      )}
      <ForecastSheet forecast={forecast} month={month} onClose={() => setMonth(undefined)} />
    </>
  );
}

interface PlotProps {
  forecast: Forecast;
  months: Months;
  actions: ReactNode;
  onOpenPoint: (day: string) => void;
}

function useFrame({ forecast, months, actions, onOpenPoint }: PlotProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const phone = usePhone();
  const most = Math.max(
    forecast.nowCents,
    ...forecast.history.slice(-months - 1).map((close) => close.mrrCents),
    ...forecast.base.map((month) => month.p90),
  );
  const scale = format.moneyScale(most);
  return {
    title: forecastTitle(t, format, forecast, months),
    unit: t("history.unit", { unit: scale.unit }),
    height: phone ? undefined : HEIGHT,
    formatValue: format.money,
    formatAxis: scale.write,
    csvScale: 1 / format.minorUnits(),
    pointLabel: t("forecast.month"),
    actions,
    onOpenPoint,
  };
}

function Total({
  objective,
  ...plot
}: PlotProps & { objective: ReturnType<typeof forecastTarget> }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const frame = useFrame(plot);
  const { forecast, months } = plot;
  const told = forecast.base.length > 0;
  return (
    <LineChart
      {...frame}
      subtitle={forecastSubtitle(t, format, forecast, objective)}
      points={forecastPoints(format, forecast, months, objective)}
      today={told ? forecast.asOf : undefined}
      series={[
        { key: "realised", label: t("forecast.realised"), color: 1 },
        ...(told
          ? [{ key: "forecast", label: t("forecast.median"), color: 1, dash: "dashed" } as const]
          : []),
        ...(objective
          ? [{ key: "target", label: t("forecast.target"), color: "ink", dash: "dotted" } as const]
          : []),
      ]}
      bands={
        told
          ? [
              { key: "b80", label: t("forecast.band80") },
              { key: "b50", label: t("forecast.band50") },
            ]
          : []
      }
    />
  );
}

const COLORS: readonly SeriesColor[] = [1, 2, 3, 4, 5, 6];

function Parts({ split, ...plot }: PlotProps & { split: Exclude<Split, "stage"> }) {
  const { t } = useTranslation("growth");
  const frame = useFrame(plot);
  const { forecast, months } = plot;
  const format = useFormat();
  const name = (part: Forecast["parts"][number]) =>
    part.name ?? t(part.key === "other" ? "forecast.other" : `slice.${split}.none`);
  return (
    <BarChart
      {...frame}
      subtitle={t("forecast.splitNote")}
      points={partPoints(format, forecast, months)}
      series={forecast.parts.map((part, index) => ({
        key: part.key,
        label: name(part),
        color: COLORS[index] ?? "muted",
      }))}
      faint={(key) => key > forecast.asOf}
    />
  );
}

/** Stages of the journey: what each pays today, and its part of the forecast. */
function Stages(plot: PlotProps) {
  const { t } = useTranslation("growth");
  const locale = useLocale();
  const format = useFormat();
  const frame = useFrame(plot);
  const { data, error, refetch } = useQuery(pipelineQuery(useSlice(), plot.months));
  const { asOf } = plot.forecast;
  if (!data) {
    return error ? (
      <Card className="p-4">
        <ErrorState title={t("pipeline.error")} error={error} onRetry={() => void refetch()} />
      </Card>
    ) : (
      <ChartSkeleton height={HEIGHT} />
    );
  }
  const told = data.forecastDay != null;
  return (
    <BarChart
      {...frame}
      title={
        told
          ? t("pipeline.splitTitle", { month: format.month(data.forecastDay) })
          : t("pipeline.splitNow")
      }
      subtitle={
        told ? t("pipeline.splitText", { month: format.month(data.forecastDay) }) : undefined
      }
      points={stagePoints(format, data, asOf)}
      series={data.stages.map((stage, index) => ({
        key: stage.key,
        label: stage.label[locale],
        color: COLORS[index] ?? "muted",
      }))}
      faint={(key) => key > asOf}
    />
  );
}

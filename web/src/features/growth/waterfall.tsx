/** How the MRR went from one close to another; a bar opens the clients behind it. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ChartSkeleton, movementColor, WaterfallChart } from "@/components/charts";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { ErrorState } from "@/components/ui/states";
import { usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { KINDS, type Kind, waterfallQuery } from "./api";
import { reconciliation, waterfallTitle } from "./finding";
import { FLOWS, type Flow, flowRange, type Months, type Moves, monthEnd } from "./periods";
import { useSlice } from "./slice";

const HEIGHT = 220;

export interface WaterfallProps {
  /** The day of the summary; unknown while that is on its way. */
  asOf: string | undefined;
  /** The summary could not be had: without its day there is no period. */
  failed?: { error: unknown; retry: () => void };
  months: Months;
  flow: Flow;
  onFlow: (flow: Flow) => void;
  onOpen: (moves: Moves) => void;
}

export function Waterfall({ asOf, failed, months, flow, onFlow, onOpen }: WaterfallProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const phone = usePhone();
  const range = asOf === undefined ? undefined : flowRange(flow, asOf, months);
  const query = useQuery(waterfallQuery(range, useSlice()));
  const { data } = query;
  if (!data || asOf === undefined) {
    const failure =
      asOf === undefined
        ? failed
        : query.isError
          ? { error: query.error, retry: () => void query.refetch() }
          : undefined;
    return failure ? (
      <Card className="p-4">
        <ErrorState title={t("waterfall.error")} error={failure.error} onRetry={failure.retry} />
      </Card>
    ) : (
      <ChartSkeleton height={HEIGHT + 100} />
    );
  }
  const { from, to } = data;
  const size = Math.max(...data.kinds.map((item) => Math.abs(item.cents)), 0);
  const scale = format.moneyScale(size);
  return (
    <WaterfallChart
      title={waterfallTitle(t, format, data, asOf)}
      unit={scale.unit}
      height={phone ? undefined : HEIGHT}
      actions={
        <Segmented
          label={t("waterfall.period")}
          value={flow}
          onChange={onFlow}
          options={FLOWS.map((value) => ({
            value,
            label:
              phone && value !== "period"
                ? format.monthShort(value === "month" ? asOf : monthEnd(asOf, 1))
                : t(`waterfall.flow.${value}`, { n: format.number(months) }),
          }))}
        />
      }
      opening={{
        label: t("waterfall.opening", { date: format.date(from) }),
        value: data.openingCents,
      }}
      closing={{
        label: t("waterfall.closing", { date: format.date(to) }),
        value: data.closingCents,
      }}
      steps={KINDS.map((kind) => {
        const item = data.kinds.find((entry) => entry.kind === kind);
        const count = item?.count ?? 0;
        return {
          key: kind,
          label: t(`kind.${kind}`),
          tick: t(`kindTick.${kind}`),
          value: item?.cents ?? 0,
          color: movementColor[kind],
          detail: t("movements", { count, n: format.number(count) }),
        };
      })}
      netLabel={t("waterfall.net")}
      netTick={t("waterfall.netTick")}
      valueLabel={t("waterfall.amount")}
      pointLabel={t("waterfall.movement")}
      formatValue={format.money}
      formatChange={(value) => format.money(value, { signed: true })}
      formatAxis={(value) => scale.write(value)}
      csvScale={1 / format.minorUnits()}
      onOpenPoint={(key) => onOpen({ from, to, kind: key === "net" ? undefined : (key as Kind) })}
      footer={
        <>
          <p className="tnum text-body text-ink-2">{reconciliation(t, format, data)}</p>
          <p className="mt-1 text-ink-3 text-meta">{t("waterfall.opens")}</p>
        </>
      }
    />
  );
}

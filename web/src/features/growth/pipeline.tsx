/** The growth pipeline: clients, value and share of each stage of the journey, and how many go on. */
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { exportBarsPng } from "@/components/charts/export-bars";
import { ExportMenu } from "@/components/charts/export-menu";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { NumberDoor } from "@/components/ui/number-door";
import { StageLink, stageSearch } from "@/components/ui/stage-link";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Pipeline, type PipelineStage, pipelineQuery } from "./api";
import { weakestStep } from "./figures";
import type { Months, Slice } from "./periods";
import { pipelineCsv } from "./pipeline-csv";
import { useSlice } from "./slice";

export function PipelineCard({ months }: { months: Months }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const locale = useLocale();
  const slice = useSlice();
  const list = useRef<HTMLOListElement>(null);
  const { data, error, refetch } = useQuery(pipelineQuery(slice, months));
  const weakest = data && weakestStep(data.stages);
  const name = (stage: PipelineStage | undefined) => stage?.label[locale] ?? "";
  const nobody = data?.stages.every((stage) => stage.clients === 0);
  const going = useGoing();
  const bars = (pipeline: Pipeline) => {
    const most = highest(pipeline);
    return pipeline.stages.map((stage) => ({
      name: name(stage),
      figure: format.money(stage.mrrCents),
      share: stage.mrrCents / most,
      note: [
        t("pipeline.clients", { count: stage.clients, n: format.number(stage.clients) }),
        t("pipeline.ofMrr", { pct: format.percentValue(stage.sharePct) }),
        going(stage, nextOf(pipeline, stage)),
      ]
        .filter(Boolean)
        .join(" · "),
    }));
  };
  return (
    <Card aria-labelledby="growth-pipeline">
      <CardHeader
        id="growth-pipeline"
        title={t("pipeline.title")}
        subtitle={
          weakest &&
          t("pipeline.finding", {
            pct: format.percentValue(weakest.from.conversionPct, { digits: 0 }),
            from: name(weakest.from),
            to: name(weakest.to),
          })
        }
        actions={
          data &&
          !nobody && (
            <ExportMenu
              label={t("pipeline.menu")}
              title={t("pipeline.title")}
              png={async (title, name) => {
                if (list.current) await exportBarsPng(list.current, bars(data), title, name);
              }}
              csv={() => pipelineCsv(t, format, locale, data)}
            />
          )
        }
      />
      <CardBody>
        {error && !data ? (
          <ErrorState title={t("pipeline.error")} error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Loading className="flex flex-col gap-4">
            {[0, 1, 2, 3, 4].map((line) => (
              <Skeleton key={line} className="h-12 w-full" />
            ))}
          </Loading>
        ) : nobody ? (
          <p className="text-ink-2">{t("pipeline.none")}</p>
        ) : (
          <ol ref={list} className="flex flex-col gap-3">
            {data.stages.map((stage) => (
              <Line key={stage.key} stage={stage} slice={slice} pipeline={data} />
            ))}
          </ol>
        )}
      </CardBody>
      {data && data.withoutJourney.clients > 0 && (
        <CardFooter>
          <TextLink to="/growth-tools" search={stageSearch("none", slice) as never}>
            {t("pipeline.without", {
              count: data.withoutJourney.clients,
              n: format.number(data.withoutJourney.clients),
              amount: format.money(data.withoutJourney.mrrCents),
            })}
          </TextLink>
        </CardFooter>
      )}
    </Card>
  );
}

/** What the longest bar stands for. */
const highest = (pipeline: Pipeline) =>
  Math.max(1, ...pipeline.stages.map((stage) => stage.mrrCents));

const nextOf = (pipeline: Pipeline, stage: PipelineStage) =>
  pipeline.stages.find((item) => item.key === stage.next);

/** How many go on from a stage. */
function useGoing() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const locale = useLocale();
  return (stage: PipelineStage, next: PipelineStage | undefined) =>
    next
      ? t("pipeline.next", {
          pct: format.percentValue(stage.conversionPct, { digits: 0 }),
          to: next.label[locale],
        })
      : t("pipeline.last");
}

function Line({
  stage,
  slice,
  pipeline,
}: {
  stage: PipelineStage;
  slice: Slice;
  pipeline: Pipeline;
}) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const locale = useLocale();
  const most = highest(pipeline);
  const next = nextOf(pipeline, stage);
  const going = useGoing();
  const name = stage.label[locale];
  const clients = t("pipeline.clients", { count: stage.clients, n: format.number(stage.clients) });
  return (
    <li>
      <p className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate">
          <span className="font-semibold">{name}</span>{" "}
          <StageLink stage={stage.key} slice={slice}>
            <span className="font-normal text-ink-2">{clients}</span>
          </StageLink>
        </span>
        <NumberDoor
          provenance={{
            title: t("pipeline.valueOf", { stage: name }),
            formula: t("pipeline.formula"),
            parts: [
              { label: t("pipeline.clientsLabel"), value: format.number(stage.clients) },
              { label: t("pipeline.share"), value: format.percentValue(stage.sharePct) },
              ...(stage.medianDays == null
                ? []
                : [
                    {
                      label: t("pipeline.time"),
                      value: t("pipeline.timeOf", {
                        real: format.number(Math.round(stage.medianDays)),
                        planned: format.number(stage.plannedDays),
                      }),
                    },
                  ]),
              ...(stage.forecastCents == null
                ? []
                : [
                    {
                      label: t("pipeline.forecast", {
                        month: format.month(pipeline.forecastDay),
                      }),
                      value: format.money(stage.forecastCents),
                    },
                  ]),
            ],
            total: { label: t("pipeline.value"), value: format.money(stage.mrrCents) },
            note: t("pipeline.note"),
            links: (
              <StageLink stage={stage.key} slice={slice}>
                {t("pipeline.see", { count: stage.clients, n: format.number(stage.clients) })}
              </StageLink>
            ),
          }}
        >
          <span className="tnum font-semibold">{format.money(stage.mrrCents)}</span>
        </NumberDoor>
      </p>
      <span aria-hidden className="mt-0.5 block h-1.5 overflow-hidden rounded-full bg-sunken">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${(100 * Math.max(0, stage.mrrCents)) / most}%` }}
        />
      </span>
      <p className="mt-0.5 flex items-center justify-between gap-3 text-ink-2 text-meta">
        <span>{t("pipeline.ofMrr", { pct: format.percentValue(stage.sharePct) })}</span>
        {next ? (
          <TextLink
            to="/growth-tools"
            search={
              { ...stageSearch(stage.key, slice), inStage: undefined, show: "funnel" } as never
            }
            className="font-normal text-ink-2 text-meta"
          >
            {going(stage, next)}
          </TextLink>
        ) : (
          <span>{going(stage, next)}</span>
        )}
      </p>
    </li>
  );
}

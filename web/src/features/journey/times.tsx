/** Time in stage against plan: what is planned, what half of the clients need, what eight in ten need. */
import { useQuery } from "@tanstack/react-query";
import { Timer } from "lucide-react";
import { Fragment, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ExportMenu } from "@/components/charts/export-menu";
import { exportTablePng } from "@/components/charts/export-table";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { Switch } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import { type Duration, timesQuery } from "./api-portfolio";
import { slowest } from "./figures";
import { PortfolioFilters, usePortfolioParams } from "./portfolio-filters";
import { useLabel } from "./words";

export function Times() {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const { slice } = usePortfolioParams();
  const [split, setSplit] = useState(false);
  const table = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery(timesQuery({ segment: slice.segment }));
  if (error && !data) {
    return <ErrorState title={t("times.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-72 w-full" />
      </Loading>
    );
  }
  const worst = slowest(data.stages);
  const none = data.stages.every((stage) => stage.sample === 0);
  const inferred = data.stages.reduce((sum, stage) => sum + stage.inferred, 0);
  const most = Math.max(
    1,
    ...data.stages.flatMap((stage) => [stage.plannedDays, stage.p80Days ?? 0]),
  );
  const csv = () => ({
    head: [
      t("list.stage"),
      t("filter.segment"),
      t("times.planned"),
      t("times.median"),
      t("times.p80"),
      t("times.sample"),
    ],
    rows: data.stages.flatMap((stage) => {
      const line = (segment: string, { medianDays, p80Days, sample }: Duration) => [
        write(stage.label),
        segment,
        stage.plannedDays,
        medianDays,
        p80Days,
        sample,
      ];
      const parts = split ? stage.bySegment : [];
      return [
        line("", stage),
        ...parts.map((part) => line(part.segment || t("times.noSegment"), part)),
      ];
    }),
  });
  return (
    <div className="flex flex-col gap-3">
      <PortfolioFilters owner={false} />
      <Card aria-labelledby="times">
        <CardHeader
          id="times"
          title={
            worst
              ? t("times.finding", {
                  stage: write(worst.label),
                  planned: format.number(worst.plannedDays),
                  real: format.number(Math.round(worst.medianDays ?? 0)),
                })
              : t(none ? "times.title" : "times.fine")
          }
          subtitle={
            inferred > 0
              ? t("times.inferred", { count: inferred, n: format.number(inferred) })
              : t("times.text")
          }
          actions={
            !none && (
              <>
                <Switch checked={split} onChange={setSplit} label={t("times.bySegment")} />
                <ExportMenu
                  label={t("times.menu")}
                  title={t("times.label")}
                  png={(title, name) => exportTablePng(table.current, title, name)}
                  csv={csv}
                />
              </>
            )
          }
        />
        {none ? (
          <EmptyState
            level={3}
            icon={<Timer aria-hidden />}
            title={t("times.emptyTitle")}
            text={t("times.emptyText")}
          />
        ) : (
          <div ref={table}>
            <Table aria-label={t("times.label")}>
              <thead>
                <tr>
                  <Th>{t("list.stage")}</Th>
                  <Th end>{t("times.planned")}</Th>
                  <Th end>{t("times.median")}</Th>
                  <Th end>{t("times.p80")}</Th>
                  <Th className="w-1/3 max-md:hidden">
                    <span className="sr-only">{t("times.bar")}</span>
                  </Th>
                  <Th end>{t("times.sample")}</Th>
                </tr>
              </thead>
              <tbody>
                {data.stages.map((stage) => (
                  <Fragment key={stage.key}>
                    <Line
                      name={write(stage.label)}
                      planned={stage.plannedDays}
                      duration={stage}
                      most={most}
                    />
                    {split &&
                      stage.bySegment.map((part) => (
                        <Line
                          key={part.segment ?? ""}
                          name={part.segment || t("times.noSegment")}
                          planned={stage.plannedDays}
                          duration={part}
                          most={most}
                          inner
                        />
                      ))}
                  </Fragment>
                ))}
              </tbody>
            </Table>
          </div>
        )}
      </Card>
    </div>
  );
}

function Line({
  name,
  planned,
  duration,
  most,
  inner,
}: {
  name: string;
  planned: number;
  duration: Duration;
  most: number;
  inner?: boolean;
}) {
  const format = useFormat();
  const { medianDays, p80Days, sample } = duration;
  const over = medianDays != null && medianDays > planned;
  const width = (days: number | null | undefined) => `${(100 * (days ?? 0)) / most}%`;
  return (
    <tr className={cn(inner && "text-ink-2")}>
      <th
        scope="row"
        className={cn(
          "h-10 whitespace-nowrap border-border border-b px-2 text-left",
          inner ? "pl-8 font-normal" : "pl-4 font-medium",
        )}
      >
        {name}
      </th>
      <Td end>{inner ? "" : format.number(planned)}</Td>
      <Td end className={cn(over && "font-semibold text-watch-text")}>
        {format.number(medianDays == null ? null : Math.round(medianDays))}
      </Td>
      <Td end>{format.number(p80Days == null ? null : Math.round(p80Days))}</Td>
      <Td className="max-md:hidden">
        <span aria-hidden className="relative block h-3">
          <span
            className="absolute inset-y-1 left-0 rounded-full bg-ink-3 opacity-35"
            style={{ width: width(p80Days) }}
          />
          <span
            className={cn(
              "absolute inset-y-0.5 left-0 rounded-full",
              over ? "bg-watch-mark" : "bg-accent",
            )}
            style={{ width: width(medianDays) }}
          />
          <span
            className="absolute inset-y-0 w-0.5 rounded-full bg-ink"
            style={{ left: width(planned) }}
          />
        </span>
      </Td>
      <Td end>{format.number(sample)}</Td>
    </tr>
  );
}

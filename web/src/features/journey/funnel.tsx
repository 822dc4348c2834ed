/** From stage to stage: of those who entered, how many came how far, all together and by month of entry. */
import { useQuery } from "@tanstack/react-query";
import { Route } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { exportBarsPng } from "@/components/charts/export-bars";
import { ExportMenu } from "@/components/charts/export-menu";
import { exportTablePng } from "@/components/charts/export-table";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Th } from "@/components/ui/table";
import { useFormat } from "@/lib/session";
import { type Funnel as Data, funnelQuery } from "./api-portfolio";
import { narrowest, OF, type Of, share, shareOf } from "./figures";
import { PortfolioFilters, usePortfolioParams } from "./portfolio-filters";
import { useLabel } from "./words";

const MONTHS = 12;

/** How strongly a share is tinted: words on it keep their contrast. */
const heat = (part: number | null | undefined) =>
  `color-mix(in oklab, var(--accent) ${Math.round((part ?? 0) * 30)}%, transparent)`;

export function Funnel() {
  const { t } = useTranslation("journey");
  const { slice } = usePortfolioParams();
  const { data, error, refetch } = useQuery(funnelQuery({ ...slice, months: MONTHS }));
  if (error && !data) {
    return <ErrorState title={t("funnel.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-80 w-full" />
      </Loading>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <PortfolioFilters />
      {data.all.entered === 0 ? (
        <Card>
          <EmptyState
            icon={<Route aria-hidden />}
            title={t("funnel.emptyTitle")}
            text={t("funnel.emptyText")}
          />
        </Card>
      ) : (
        <>
          <Steps data={data} />
          <Cohorts data={data} />
        </>
      )}
    </div>
  );
}

function Steps({ data }: { data: Data }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const { entered, reached, conversionPct } = data.all;
  const weakest = narrowest(conversionPct);
  const list = useRef<HTMLOListElement>(null);
  const name = (index: number) => {
    const stage = data.stages[index];
    return stage ? write(stage.label) : "";
  };
  const title =
    weakest === undefined
      ? t("funnel.title")
      : t("funnel.finding", {
          pct: format.percentValue(conversionPct[weakest], { digits: 0 }),
          from: name(weakest),
          to: name(weakest + 1),
        });
  const told = (count: number) => ({
    reached: t("funnel.reached", { count, n: format.number(count) }),
    ofAll: t("funnel.ofAll", { pct: format.percent(share(count, entered), { digits: 0 }) }),
  });
  const going = (index: number) =>
    index < data.stages.length - 1
      ? t("funnel.next", {
          pct: format.percentValue(conversionPct[index], { digits: 0 }),
          to: name(index + 1),
        })
      : undefined;
  async function png(title: string, file: string) {
    const bars = data.stages.map((stage, index) => {
      const count = reached[index] ?? 0;
      const { reached: figure, ofAll } = told(count);
      const note = [ofAll, going(index)].filter(Boolean).join(" · ");
      return { name: write(stage.label), figure, share: share(count, entered) ?? 0, note };
    });
    if (list.current) await exportBarsPng(list.current, bars, title, file);
  }
  const csv = () => ({
    head: [t("list.stage"), t("funnel.entered"), t("funnel.toNext")],
    rows: data.stages.map((stage, index) => [
      write(stage.label),
      reached[index],
      conversionPct[index],
    ]),
  });
  return (
    <Card aria-labelledby="funnel">
      <CardHeader
        id="funnel"
        title={title}
        actions={<ExportMenu label={t("funnel.menu")} title={title} png={png} csv={csv} />}
        subtitle={t("funnel.text", { count: entered, n: format.number(entered) })}
      />
      <CardBody>
        <ol ref={list} className="flex flex-col gap-3">
          {data.stages.map((stage, index) => {
            const count = reached[index] ?? 0;
            const said = told(count);
            return (
              <li key={stage.key}>
                <p className="flex items-baseline justify-between gap-3">
                  <span className="font-medium">{write(stage.label)}</span>
                  <span className="tnum">{said.reached}</span>
                </p>
                <span aria-hidden className="mt-1 block h-2 overflow-hidden rounded-full bg-sunken">
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${100 * (share(count, entered) ?? 0)}%` }}
                  />
                </span>
                <p className="mt-0.5 flex justify-between gap-3 text-ink-2 text-meta">
                  <span>{said.ofAll}</span>
                  <span>{going(index)}</span>
                </p>
              </li>
            );
          })}
        </ol>
        <p className="mt-3 text-ink-3 text-meta">{t("funnel.skipped")}</p>
      </CardBody>
    </Card>
  );
}

function Cohorts({ data }: { data: Data }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const inferred = data.cohorts.reduce((sum, cohort) => sum + cohort.inferred, 0);
  const [of, setOf] = useState<Of>("entered");
  const table = useRef<HTMLDivElement>(null);
  const csv = () => ({
    head: [t("funnel.month"), t("funnel.entered"), ...data.stages.map(({ label }) => write(label))],
    rows: data.cohorts.map((cohort) => [cohort.month, cohort.entered, ...cohort.reached]),
  });
  return (
    <Card aria-labelledby="funnel-cohorts">
      <CardHeader
        id="funnel-cohorts"
        title={t("funnel.cohorts")}
        subtitle={
          inferred > 0
            ? t("funnel.inferred", { count: inferred, n: format.number(inferred) })
            : t("funnel.cohortsText")
        }
        actions={
          <>
            <Segmented<Of>
              label={t("funnel.of")}
              value={of}
              onChange={setOf}
              options={OF.map((value) => ({ value, label: t(`funnel.ofWhich.${value}`) }))}
            />
            <ExportMenu
              label={t("funnel.menuCohorts")}
              title={t("funnel.cohorts")}
              png={(title, name) => exportTablePng(table.current, title, name)}
              csv={csv}
            />
          </>
        }
      />
      <div ref={table} className="pb-3">
        <Table aria-label={t("funnel.cohorts")}>
          <thead>
            <tr>
              <Th className="sticky left-0 z-10 bg-surface">{t("funnel.month")}</Th>
              <Th end>{t("funnel.entered")}</Th>
              {data.stages.map((stage) => (
                <Th key={stage.key} end>
                  {write(stage.label)}
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.cohorts.map((cohort) => (
              <tr key={cohort.month}>
                <th
                  scope="row"
                  className="sticky left-0 z-10 h-9 whitespace-nowrap bg-surface px-2 pl-4 text-left font-medium"
                >
                  {format.month(`${cohort.month}-01`)}
                </th>
                <td className="tnum px-2 text-right">{format.number(cohort.entered)}</td>
                {data.stages.map((stage, index) => {
                  const count = cohort.reached[index] ?? 0;
                  const part = shareOf(of, cohort, index);
                  return (
                    <td key={stage.key} className="tnum p-px text-right last:pr-4">
                      <span
                        data-figure
                        className="block min-w-16 whitespace-nowrap rounded-check px-2 py-1.5 text-ink"
                        style={{ background: heat(part) }}
                      >
                        {format.number(count)}
                        {part !== undefined && (
                          <span className="ml-1 text-ink-2 text-meta">
                            {" "}
                            {format.percent(part, { digits: 0 })}
                          </span>
                        )}
                      </span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

/** Cohorts: what share of the clients won in a period, or of their MRR, is still there. Each cell opens its clients. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ExportMenu } from "@/components/charts/export-menu";
import { exportTablePng } from "@/components/charts/export-table";
import { Card, CardHeader } from "@/components/ui/card";
import { Sheet } from "@/components/ui/dialog";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Th } from "@/components/ui/table";
import type { CsvCell } from "@/lib/download";
import { useFormat } from "@/lib/session";
import {
  type Cohort,
  type CohortCell,
  type CohortPeriod,
  type CohortSelection,
  cohortClientsQuery,
  cohortsQuery,
} from "./api";
import { heat, periodName } from "./cohort-words";
import { SheetRow, SheetRows } from "./sheet-rows";
import { useSlice } from "./slice";

const PERIODS = 12;
type Of = "clients" | "mrr";

export function CohortsCard() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const slice = useSlice();
  const [by, setBy] = useState<CohortPeriod>("month");
  const [of, setOf] = useState<Of>("clients");
  const [selected, setSelected] = useState<{ cohort: Cohort; cell?: CohortCell }>();
  const table = useRef<HTMLDivElement>(null);
  const query = useQuery(cohortsQuery(by, PERIODS, slice));
  const { data } = query;
  // While the other period is on its way, the words are those of what is shown.
  const shown = data?.by ?? by;
  const title = t(`cohorts.title.${of}`);
  const most = Math.max(0, ...(data?.items.map((item) => item.cells.length) ?? []));
  const ages = Array.from({ length: most }, (_, age) => age);
  const pct = (cell: CohortCell) => (of === "clients" ? cell.clientsPct : cell.mrrPct);
  const name = (cohort: Cohort) => periodName(t, format, shown, cohort.from);

  function csv() {
    const minor = format.minorUnits();
    const rows = (data?.items ?? []).map((cohort): CsvCell[] => [
      name(cohort),
      cohort.clients,
      cohort.beganCents / minor,
      ...cohort.cells.map((cell) => (of === "clients" ? cell.clients : cell.mrrCents / minor)),
    ]);
    const head = [
      t("cohorts.cohort"),
      t("cohorts.size"),
      t("cohorts.began"),
      ...ages.map((age) => t(`cohorts.age.${shown}`, { n: format.number(age) })),
    ];
    return { head, rows };
  }

  return (
    <Card id="cohorts" aria-labelledby="cohorts-title" className="scroll-mt-16">
      <CardHeader
        id="cohorts-title"
        title={title}
        subtitle={data && t(`cohorts.text.${shown}`, { date: format.date(data.asOf) })}
        actions={
          <>
            <Segmented
              label={t("cohorts.of")}
              value={of}
              onChange={setOf}
              options={[
                { value: "clients", label: t("cohorts.clients") },
                { value: "mrr", label: t("cohorts.mrr") },
              ]}
            />
            <Segmented
              label={t("cohorts.by")}
              value={by}
              onChange={setBy}
              options={[
                { value: "month", label: t("cohorts.month") },
                { value: "quarter", label: t("cohorts.quarter") },
              ]}
            />
            {data && data.items.length > 0 && (
              <ExportMenu
                label={t("cohorts.menu")}
                title={title}
                png={(title, name) => exportTablePng(table.current, title, name)}
                csv={csv}
              />
            )}
          </>
        }
      />
      {!data ? (
        query.isError ? (
          <ErrorState
            className="m-4"
            title={t("cohorts.error")}
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        ) : (
          <Loading className="p-4">
            <Skeleton className="h-72 w-full" />
          </Loading>
        )
      ) : data.items.length === 0 ? (
        <EmptyState level={3} title={t("cohorts.emptyTitle")} text={t("cohorts.emptyText")} />
      ) : (
        <div ref={table} className="pb-3">
          <Table aria-label={title}>
            <thead>
              <tr>
                <Th className="sticky left-0 z-10 bg-surface">{t("cohorts.cohort")}</Th>
                <Th end>{t(of === "clients" ? "cohorts.size" : "cohorts.began")}</Th>
                {ages.map((age) => (
                  <Th key={age} end className="px-1">
                    <span className="sr-only">
                      {t(`cohorts.age.${shown}`, { n: format.number(age) })}
                    </span>
                    <span aria-hidden>{format.number(age)}</span>
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((cohort) => (
                <tr key={cohort.from}>
                  <th
                    scope="row"
                    className="sticky left-0 z-10 h-9 whitespace-nowrap bg-surface px-2 pl-4 text-left font-medium"
                  >
                    {name(cohort)}
                  </th>
                  <td className="tnum px-2 text-right">
                    <button
                      type="button"
                      aria-haspopup="dialog"
                      className="min-h-8 rounded-control px-1.5 hover:bg-sunken"
                      onClick={() => setSelected({ cohort })}
                    >
                      {of === "clients"
                        ? format.number(cohort.clients)
                        : format.money(cohort.beganCents)}
                    </button>
                  </td>
                  {cohort.cells.map((cell) => (
                    <td key={cell.day} className="tnum p-px text-right">
                      <button
                        type="button"
                        data-figure
                        aria-haspopup="dialog"
                        title={
                          of === "clients"
                            ? t("cohorts.held", {
                                count: cell.clients,
                                n: format.number(cell.clients),
                                of: format.number(cohort.clients),
                              })
                            : format.money(cell.mrrCents)
                        }
                        className="min-h-8 w-full min-w-13 rounded-check px-1.5 text-right text-ink outline-offset-0"
                        style={{ background: heat(pct(cell)) }}
                        onClick={() => setSelected({ cohort, cell })}
                      >
                        {format.percentValue(pct(cell), { digits: 0 })}
                      </button>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      )}
      <Sheet
        open={selected !== undefined}
        onOpenChange={(open) => !open && setSelected(undefined)}
        title={selected && t("cohorts.sheet", { cohort: name(selected.cohort) })}
        description={
          selected &&
          (selected.cell
            ? t("cohorts.sheetCell", {
                date: format.date(selected.cell.day),
                clients: t("cohorts.held", {
                  count: selected.cell.clients,
                  n: format.number(selected.cell.clients),
                  of: format.number(selected.cohort.clients),
                }),
                mrr: format.money(selected.cell.mrrCents),
                began: format.money(selected.cohort.beganCents),
              })
            : t("cohorts.sheetAll", {
                count: selected.cohort.clients,
                n: format.number(selected.cohort.clients),
                began: format.money(selected.cohort.beganCents),
              }))
        }
      >
        {selected && data && (
          <Clients
            of={{
              cohort: selected.cohort.from,
              by: shown,
              at: selected.cell?.day ?? data.asOf,
              paying: selected.cell !== undefined,
            }}
          />
        )}
      </Sheet>
    </Card>
  );
}

function Clients({ of }: { of: CohortSelection }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const query = useInfiniteQuery(cohortClientsQuery(of, useSlice()));
  return (
    <SheetRows query={query} failed={t("cohorts.error")} none={t("cohorts.nobody")}>
      {(row) => (
        <SheetRow
          key={row.clientId}
          row={row}
          facts={t("cohorts.since", {
            date: format.date(row.firstDay),
            amount: format.money(row.beganCents),
          })}
          figure={<span className="tnum font-semibold">{format.money(row.mrrCents)}</span>}
        />
      )}
    </SheetRows>
  );
}

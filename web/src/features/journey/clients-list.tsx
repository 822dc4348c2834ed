/** Clients of the portfolio in a list: the late ones first of all. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Card as Box, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { HealthMark } from "@/components/ui/health";
import { Select } from "@/components/ui/input";
import { EmptyState } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type BoardStage, type Card, cardsQuery } from "./api-portfolio";
import { StageBadge } from "./marks";
import { PortfolioFilters, usePortfolioParams } from "./portfolio-filters";
import { type JourneySearch, ONLY, type Only, type PortfolioSearch } from "./search";
import { daysText, stageLabel, useLabel } from "./words";

const PAGE = 50;
/** Before the key of a stage among the choices. */
const AT = "stage:";

/** How the server is asked for each choice. */
function asked(only: Only, inStage: string | undefined) {
  if (inStage) return { stage: inStage, sort: "late" };
  if (only === "none" || only === "completed") return { stage: only, sort: "mrr" };
  return { state: only, sort: "late" };
}

export function ClientsList({ stages }: { stages: readonly BoardStage[] }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const [search, set] = useUrlState<PortfolioSearch & JourneySearch>();
  const only = search.only ?? "late";
  const { listed } = usePortfolioParams();
  const { inStage } = search;
  const params = { ...listed, ...asked(only, inStage) };
  const query = useInfiniteQuery(cardsQuery(params, PAGE));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.total;
  const late = (row: Card) =>
    row.daysLate > 0 ? (
      <span className="font-semibold text-watch-text">{daysText(t, format, row.daysLate)}</span>
    ) : (
      format.number(null)
    );
  const at = stageLabel(stages, inStage, write);
  const label = inStage ? t("list.atStage", { stage: at }) : t(`list.${only}`);
  const n = format.number(total);
  const found = { count: total ?? 0, n };
  const title =
    total === undefined
      ? label
      : inStage
        ? t("list.foundAt", { ...found, stage: at })
        : t(`list.found.${only}`, found);
  const stage = (row: Card) => stageLabel(stages, row.stage, write) || format.number(null);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Field label={t("list.only")} hideLabel className="max-md:basis-full">
          <Select
            className="max-md:w-full md:w-52 md:[&_select]:h-8"
            value={inStage ? `${AT}${inStage}` : only}
            onChange={({ target: { value } }) => {
              const next = ONLY.find((item) => item === value);
              set(
                value.startsWith(AT)
                  ? { only: undefined, inStage: value.slice(AT.length) }
                  : { only: next === "late" ? undefined : next, inStage: undefined },
              );
            }}
          >
            {ONLY.map((item) => (
              <option key={item} value={item}>
                {t(`list.${item}`)}
              </option>
            ))}
            {stages.map(({ key }) => (
              <option key={key} value={`${AT}${key}`}>
                {t("list.atStage", { stage: stageLabel(stages, key, write) })}
              </option>
            ))}
          </Select>
        </Field>
        <PortfolioFilters search />
      </div>
      <Box aria-labelledby="journey-list">
        <CardHeader
          id="journey-list"
          title={title}
          subtitle={inStage ? t("list.textAt") : t(`list.text.${only}`)}
        />
        <DataTable
          label={label}
          rows={rows}
          rowKey={(row) => row.clientId}
          rowLabel={(row) => row.clientName}
          rowHeight={45}
          onOpen={(row) => set({ client: row.clientId }, { push: true })}
          total={total}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
          loading={query.isPending}
          error={query.error}
          errorTitle={t("list.error")}
          onRetry={() => void query.refetch()}
          resetKey={JSON.stringify(params)}
          empty={
            <EmptyState
              level={3}
              icon={<CircleCheck aria-hidden />}
              title={inStage ? t("list.emptyAt") : t(`list.empty.${only}`)}
            />
          }
          renderCard={(row) => (
            <div className="flex flex-col gap-1">
              <span className="flex items-center justify-between gap-3">
                <span className="truncate font-medium">{row.clientName}</span>
                <HealthMark score={row.health} class={row.healthClass} />
              </span>
              <span className="flex flex-wrap items-center gap-x-2 text-ink-2 text-meta">
                {stage(row)}
                {row.daysLate > 0 && (
                  <span className="font-semibold text-watch-text">
                    {t("lateBy", { days: daysText(t, format, row.daysLate) })}
                  </span>
                )}
                <span className="tnum ml-auto">{format.money(row.mrrCents)}</span>
              </span>
            </div>
          )}
          columns={[
            {
              key: "client",
              header: t("list.client"),
              width: 190,
              cell: (row) => (
                <>
                  <span className="block max-w-48 truncate font-medium">{row.clientName}</span>
                  <span className="block text-ink-2 text-meta">
                    {row.owner ?? t("list.nobody")}
                  </span>
                </>
              ),
            },
            {
              key: "health",
              header: t("header.health"),
              cell: (row) => <HealthMark score={row.health} class={row.healthClass} />,
            },
            {
              key: "stage",
              header: t("list.stage"),
              cell: (row) => (
                <span className="flex items-center gap-2">
                  {stage(row)}
                  {row.status && <StageBadge status={row.status} />}
                </span>
              ),
            },
            {
              key: "progress",
              header: t("header.progress"),
              align: "end",
              cell: (row) => format.percentValue(row.stageProgressPct, { digits: 0 }),
            },
            {
              key: "days",
              header: t("list.days"),
              align: "end",
              cell: (row) =>
                row.days == null
                  ? format.number(null)
                  : t("list.daysOf", {
                      n: format.number(row.days),
                      planned: format.number(row.plannedDays),
                    }),
            },
            { key: "late", header: t("list.lateDays"), align: "end", cell: late },
            {
              key: "expected",
              header: t("header.expected"),
              align: "end",
              cell: (row) => format.date(row.expectedEnd),
            },
            {
              key: "projected",
              header: t("header.projected"),
              align: "end",
              cell: (row) => format.date(row.projectedEnd),
            },
            {
              key: "alerts",
              header: t("alert.label"),
              align: "end",
              cell: (row) => format.number(row.alerts),
            },
            {
              key: "mrr",
              header: t("list.mrr"),
              align: "end",
              cell: (row) => format.money(row.mrrCents),
            },
          ]}
        />
      </Box>
    </div>
  );
}

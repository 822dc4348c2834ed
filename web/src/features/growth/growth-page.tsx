/** Client growth: where the portfolio stands, what moved it, and which clients are behind it. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useRef } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { laterPart } from "@/components/ui/later";
import { RelativeTime } from "@/components/ui/misc";
import { ErrorState, Notice } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import type { Format } from "@/lib/format";
import { useSeen } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { healthChangesQuery, type Summary, summaryQuery, waterfallQuery } from "./api";
import { ForecastChart } from "./forecast-chart";
import { ActiveClients, Kpis, KpisSkeleton } from "./kpis";
import { MetricsStrip } from "./metrics-strip";
import { NoClients } from "./no-clients";
import { PeriodSwitch } from "./period-switch";
import {
  DEFAULT_MONTHS,
  flowRange,
  type GrowthSearch,
  type GrowthTab,
  isSliced,
  type Months,
  type Moves,
  readMoves,
  sliceOf,
  writeMoves,
} from "./periods";
import { SliceFilters, useSlice } from "./slice";
import { Waterfall } from "./waterfall";

const MovementsSheet = laterPart(async () => (await import("./movements-sheet")).MovementsSheet);

const PipelineCard = lazy(async () => ({ default: (await import("./pipeline")).PipelineCard }));

/** It stands far down: its code comes when it is approached. */
function Pipeline({ months }: { months: Months }) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useSeen(place);
  const room = <Card className="h-96" />;
  return (
    <div ref={place} className="min-w-0">
      {seen ? (
        <Suspense fallback={room}>
          <PipelineCard months={months} />
        </Suspense>
      ) : (
        room
      )}
    </div>
  );
}

export interface GrowthPageProps {
  /** The list of clients under the figures; it takes its counts from the summary. */
  clients: (summary: Summary | undefined) => ReactNode;
  /** Beside the forecast, 372 px wide: the next best actions. */
  aside?: (summary: Summary | undefined) => ReactNode;
  /** Under the forecast, over the whole width: the lists of opportunities. */
  opportunities?: (summary: Summary | undefined) => ReactNode;
  /** The other tabs, in order; a feature adds its own where routes compose the page. */
  tabs?: readonly {
    tab: GrowthTab;
    content: (summary: Summary | undefined) => ReactNode;
    /** How much waits there, once it is known. */
    count?: (summary: Summary | undefined) => number | undefined;
  }[];
}

const written = (format: Format, count: number | undefined) =>
  count === undefined ? undefined : format.number(count);

export function GrowthPage({ clients, aside, opportunities, tabs = [] }: GrowthPageProps) {
  const { t } = useTranslation("growth");
  const { t: words } = useTranslation();
  const format = useFormat();
  const [search, set] = useUrlState<GrowthSearch>();
  const months = search.months ?? DEFAULT_MONTHS;
  const flow = search.flow ?? "month";
  const slice = useSlice();
  const query = useQuery(summaryQuery(slice));
  const changes = useQuery(healthChangesQuery(slice)).data;
  const summary = query.data && { ...query.data, ...changes };
  const month = useQuery(
    waterfallQuery(summary && flowRange("month", summary.asOf, months), slice),
  );
  // A part of the portfolio may be empty; the workspace is not for that.
  const empty = summary !== undefined && summary.clientsTotal === 0 && !isSliced(slice);
  const moves = empty ? undefined : readMoves(search.moves);
  const other = tabs.find((item) => item.tab === search.tab);
  const open = (to: Moves) => set({ moves: writeMoves(to) }, { push: true });

  return (
    <>
      <PageHeader
        title={t("title")}
        crumbs={[{ label: words("nav.clients") }]}
        facts={
          summary &&
          !empty && (
            <>
              <ActiveClients
                summary={summary}
                month={month.isPlaceholderData ? undefined : month.data}
              />
              {" · "}
              {format.dateLong(summary.asOf)}
              {" · "}
              {t("facts.updated")} <RelativeTime at={summary.computedAt} />
            </>
          )
        }
        tabs={
          !empty &&
          tabs.length > 0 && (
            <LinkTabs label={t("tabs.label")}>
              {[{ tab: undefined, count: undefined }, ...tabs].map(({ tab, count }) => (
                <LinkTab
                  key={tab ?? "overview"}
                  count={written(format, count?.(summary))}
                  to="/clients/growth"
                  search={{ tab, months: search.months, ...sliceOf(search) }}
                  aria-current={tab === other?.tab ? "page" : undefined}
                >
                  {t(`tabs.${tab ?? "overview"}`)}
                </LinkTab>
              ))}
            </LinkTabs>
          )
        }
        actions={
          !empty &&
          other?.tab !== "journey" && (
            <>
              <SliceFilters />
              {other?.tab !== "health" && other?.tab !== "opportunities" && <PeriodSwitch />}
            </>
          )
        }
      />
      {empty ? (
        <NoClients onWait={query.refetch} />
      ) : other ? (
        other.content(summary)
      ) : (
        <div className="flex flex-col gap-4 max-md:gap-3">
          {query.isRefetchError && (
            <Notice
              title={t("stale.title")}
              action={
                <Button variant="link" onClick={() => void query.refetch()}>
                  {words("actions.retry")}
                </Button>
              }
            >
              {t("stale.text", { time: format.time(new Date(query.dataUpdatedAt)) })}
            </Notice>
          )}
          {summary ? (
            <Kpis summary={summary} month={month.isPlaceholderData ? undefined : month.data} />
          ) : query.isError ? (
            <ErrorState
              title={t("error")}
              error={query.error}
              onRetry={() => void query.refetch()}
            />
          ) : (
            <KpisSkeleton />
          )}
          {aside ? (
            <div className="grid gap-4 max-md:gap-3 xl:grid-cols-[minmax(0,1fr)_372px]">
              <ForecastChart months={months} onOpen={open} />
              <div className="flex min-w-0 flex-col gap-4 max-md:gap-3">{aside(summary)}</div>
            </div>
          ) : (
            <ForecastChart months={months} onOpen={open} />
          )}
          {opportunities?.(summary)}
          <MetricsStrip />
          <div className="grid items-start gap-4 max-md:gap-3 xl:grid-cols-[minmax(0,1fr)_372px]">
            <Waterfall
              asOf={summary?.asOf}
              failed={
                query.isError
                  ? { error: query.error, retry: () => void query.refetch() }
                  : undefined
              }
              months={months}
              flow={flow}
              onFlow={(value) => set({ flow: value === "month" ? undefined : value })}
              onOpen={open}
            />
            <Pipeline months={months} />
          </div>
          {clients(summary)}
        </div>
      )}
      <MovementsSheet
        moves={moves}
        open={moves !== undefined}
        onOpenChange={(open) => !open && set({ moves: undefined })}
      />
    </>
  );
}

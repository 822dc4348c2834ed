/** What the cockpit takes from growth: the figures of the day, the movements of the week, where it leads. */
import { useQuery } from "@tanstack/react-query";
import {
  ArrowDownRight,
  ArrowUpRight,
  type LucideIcon,
  Minus,
  Plus,
  RotateCcw,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { laterPart } from "@/components/ui/later";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { addDays } from "@/lib/format";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import {
  forecastQuery,
  KINDS,
  type Kind,
  objectivesQuery,
  type Summary,
  summaryQuery,
  waterfallQuery,
} from "./api";
import { direction } from "./figures";
import { forecastSubtitle, forecastTitle } from "./finding";
import { Kpis, KpisSkeleton } from "./kpis";
import { ForecastLink } from "./links";
import {
  DEFAULT_MONTHS,
  flowRange,
  type Range,
  readMoves,
  type Slice,
  writeMoves,
} from "./periods";
import { forecastTarget } from "./values";

const MovementsSheet = laterPart(async () => (await import("./movements-sheet")).MovementsSheet);

const WHOLE: Slice = {};

/** The day's summary of the whole portfolio. */
export const useDay = () => useQuery(summaryQuery(WHOLE));

/** The key figures; `last` is what one has to do. */
export function DayFigures({ last }: { last: ReactNode }) {
  const { t } = useTranslation("growth");
  const { data: summary, isError, error, refetch } = useDay();
  const range = summary && flowRange("month", summary.asOf, DEFAULT_MONTHS);
  const month = useQuery(waterfallQuery(range, WHOLE));
  if (!summary) {
    return isError ? (
      <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />
    ) : (
      <KpisSkeleton />
    );
  }
  return (
    <Kpis summary={summary} month={month.isPlaceholderData ? undefined : month.data} last={last} />
  );
}

const ICON: Record<Kind, LucideIcon> = {
  new: Plus,
  expansion: ArrowUpRight,
  reactivation: RotateCcw,
  contraction: ArrowDownRight,
  churn: Minus,
};

/** Seven days, today among them: on a Monday morning too there is something to say. */
const week = (summary: Summary): Range => ({ from: addDays(summary.asOf, -7), to: summary.asOf });

/** What moved the MRR in seven days; each line opens its movements. */
export function WeekCard() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const [search, set] = useUrlState<{ moves?: string }>();
  const day = useDay();
  const range = day.data && week(day.data);
  const query = useQuery(waterfallQuery(range, WHOLE));
  const { data } = query;
  const failed = day.isError && !day.data ? day : query.isError && !data ? query : undefined;
  const moves = readMoves(search.moves);
  const change = data ? data.closingCents - data.openingCents : 0;
  const kinds = KINDS.flatMap((kind) => data?.kinds.find((item) => item.kind === kind) ?? []);
  const moved = kinds.filter((item) => item.count > 0);
  return (
    <Card aria-labelledby="week">
      <CardHeader
        id="week"
        title={
          data
            ? t(`week.${direction(change)}`, { amount: format.money(Math.abs(change)) })
            : t("week.title")
        }
        subtitle={range && t("week.since", { date: format.date(addDays(range.from, 1)) })}
      />
      {failed ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("waterfall.error")}
          error={failed.error}
          onRetry={() => void failed.refetch()}
        />
      ) : !data ? (
        <Loading className="flex flex-col gap-3 px-4 pb-4">
          <Skeleton className="h-6 w-full" />
          <Skeleton className="h-6 w-full" />
        </Loading>
      ) : moved.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("week.none")}</p>
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {moved.map(({ kind, count, cents }) => {
            const Icon = ICON[kind];
            return (
              <li key={kind}>
                <button
                  type="button"
                  {...MovementsSheet.approach}
                  onClick={() =>
                    set({ moves: writeMoves({ ...(range as Range), kind }) }, { push: true })
                  }
                  className="flex min-h-10 w-full items-center gap-3 px-4 py-2 text-left -outline-offset-2 transition-colors duration-120 last:rounded-b-card hover:bg-sunken"
                >
                  <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
                  <span className="min-w-0 flex-1">
                    {t(`counted.${kind}`, { count, n: format.number(count) })}
                  </span>
                  <Change value={cents} text={format.money(cents, { signed: true })} />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <MovementsSheet
        moves={moves}
        open={moves !== undefined}
        onOpenChange={(open) => !open && set({ moves: undefined })}
      />
    </Card>
  );
}

/** Where the MRR leads, in a sentence, with the way to the chart. */
export function OutlookCard() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { data, isError, error, refetch } = useQuery(forecastQuery(DEFAULT_MONTHS, WHOLE));
  const objectives = useQuery(objectivesQuery);
  if (!data) {
    return (
      <Card className="p-4">
        {isError ? (
          <ErrorState title={t("forecast.error")} error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>
            <Skeleton className="h-5 w-56 max-w-full" />
            <Skeleton className="mt-2 h-4 w-full" />
          </Loading>
        )}
      </Card>
    );
  }
  return (
    <Card aria-labelledby="outlook">
      <CardHeader id="outlook" title={forecastTitle(t, format, data, DEFAULT_MONTHS)} />
      <CardBody className="-mt-3 text-ink-2">
        {forecastSubtitle(t, format, data, forecastTarget(objectives.data?.items, data.asOf))}
      </CardBody>
      <CardFooter>
        <ForecastLink to="forecast">{t("week.forecast")}</ForecastLink>
      </CardFooter>
    </Card>
  );
}

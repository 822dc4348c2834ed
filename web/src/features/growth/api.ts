/** What the growth pages ask the server. Keys begin with "growth": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { Range } from "./periods";

export const KINDS = ["new", "expansion", "reactivation", "contraction", "churn"] as const;
export type Kind = (typeof KINDS)[number];

// The description has text where these are words of a list.
export type Summary = Narrow<
  Schemas["SummaryBody"],
  { healthClasses: Record<HealthClass, number>; monthMovements: Record<Kind, number> }
>;
export type HistoryPoint = Schemas["PointBody"];
/** The opening first, then month-ends; the last is the day asked for. */
export type History = Schemas["HistoryBody"];
/** `from` is the close that it starts from, `to` the close that it ends at. */
export type Waterfall = Narrow<
  Schemas["WaterfallBody"],
  { kinds: Narrow<Schemas["KindBody"], { kind: Kind }>[] }
>;
export type Movement = Narrow<Schemas["MovementBody"], { kind: Kind }>;
export type MetricPart = Schemas["PartBody"];
export type Metric = Narrow<Schemas["MetricBody"], { unit: "cents" | "ratio" | "number" }>;
export type Metrics = Narrow<Schemas["MetricsBody"], { items: Metric[] }>;

/** The metrics are those of the last twelve months: the standard. */
export const METRIC_MONTHS = 12;

export const summaryQuery = queryOptions({
  queryKey: ["growth", "summary"],
  queryFn: ({ signal }) => api.get<Summary>("/growth/summary", undefined, { signal }),
});

export const historyQuery = (months: number) =>
  queryOptions({
    queryKey: ["growth", "history", months],
    queryFn: ({ signal }) => api.get<History>("/growth/history", { months }, { signal }),
    placeholderData: keepPreviousData,
  });

/** Waits for the range: it comes from the day of the summary. */
export const waterfallQuery = (range: Range | undefined) =>
  queryOptions({
    queryKey: ["growth", "movements", range?.from, range?.to],
    queryFn: ({ signal }) =>
      api.get<Waterfall>("/growth/movements", { from: range?.from, to: range?.to }, { signal }),
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
  });

export const metricsQuery = queryOptions({
  queryKey: ["growth", "metrics", METRIC_MONTHS],
  queryFn: ({ signal }) =>
    api.get<Metrics>("/growth/metrics", { months: METRIC_MONTHS }, { signal }),
});

export const movementsQuery = (range: Range, kind: Kind | undefined) =>
  infiniteQueryOptions({
    queryKey: ["growth", "movements", "clients", range.from, range.to, kind ?? "all"],
    queryFn: ({ pageParam, signal }) =>
      api.get<Narrow<Schemas["MovementPage"], { items: Movement[] }>>(
        "/growth/movements/clients",
        { from: range.from, to: range.to, kind, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** What the growth pages ask the server. Keys begin with "growth": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Page } from "@/lib/api";
import type { Range } from "./periods";

export const KINDS = ["new", "expansion", "reactivation", "contraction", "churn"] as const;
export type Kind = (typeof KINDS)[number];

export interface Summary {
  asOf: string;
  currency: string;
  mrrCents: number;
  mrrChangePct: number | null;
  previousMrrCents: number;
  previousDay: string;
  activeClients: number;
  activeChange: number;
  meanHealth: number | null;
  scoredClients: number;
  meanHealthChange30d: number | null;
  atRiskClients: number;
  atRiskMrrCents: number;
  atRiskChange7d: number | null;
  healthClasses: Record<HealthClass, number>;
  monthMovements: Record<Kind, number>;
  clientsTotal: number;
  computedAt: string;
}

export interface HistoryPoint extends Record<Kind, number> {
  day: string;
  mrrCents: number;
  activeClients: number;
}

export interface History {
  currency: string;
  /** The opening first, then month-ends; the last is the day asked for. */
  points: HistoryPoint[];
}

export interface Waterfall {
  /** The close it starts from. */
  from: string;
  /** The close it ends at. */
  to: string;
  currency: string;
  openingCents: number;
  closingCents: number;
  kinds: { kind: Kind; cents: number; count: number }[];
}

export interface Movement {
  clientId: string;
  clientName: string;
  day: string;
  kind: Kind;
  deltaCents: number;
  mrrAfterCents: number;
}

export interface MetricPart {
  key: string;
  cents?: number;
  count?: number;
}

export interface Metric {
  key: string;
  value: number | null;
  unit: "cents" | "ratio" | "number";
  parts: MetricPart[];
}

export interface Metrics {
  asOf: string;
  from: string;
  currency: string;
  items: Metric[];
}

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
      api.get<Page<Movement>>(
        "/growth/movements/clients",
        { from: range.from, to: range.to, kind, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

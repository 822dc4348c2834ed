/** What the growth pages ask the server. Keys begin with "growth": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { Locale } from "@/lib/format";
import { isSliced, type Range, type Slice, type Split } from "./periods";

export const KINDS = ["new", "expansion", "reactivation", "contraction", "churn"] as const;
export type Kind = (typeof KINDS)[number];

// The description has text where these are words of a list.
export type Summary = Narrow<
  Schemas["SummaryBody"],
  { healthClasses: Record<HealthClass, number>; monthMovements: Record<Kind, number> }
>;
/** `from` is the close that it starts from, `to` the close that it ends at. */
export type Waterfall = Narrow<
  Schemas["WaterfallBody"],
  { kinds: Narrow<Schemas["KindBody"], { kind: Kind }>[] }
>;
export type Movement = Narrow<Schemas["MovementBody"], { kind: Kind }>;
export type MetricPart = Schemas["PartBody"];
export type Metric = Narrow<
  Schemas["MetricBody"],
  { unit: "cents" | "ratio" | "number" | "months" }
>;
export type Metrics = Narrow<Schemas["MetricsBody"], { items: Metric[] }>;

/** The metrics are those of the last twelve months: the standard. */
export const METRIC_MONTHS = 12;

export const summaryQuery = (slice: Slice) =>
  queryOptions({
    queryKey: ["growth", "summary", slice],
    queryFn: ({ signal }) => api.get<Summary>("/growth/summary", { ...slice }, { signal }),
    placeholderData: keepPreviousData,
  });

/** What the summary of a part of the portfolio leaves out, because it takes longer to read. */
export const healthChangesQuery = (slice: Slice) =>
  queryOptions({
    queryKey: ["growth", "health-changes", slice],
    queryFn: ({ signal }) =>
      api.get<Schemas["HealthChangesBody"]>("/growth/health-changes", { ...slice }, { signal }),
    enabled: isSliced(slice),
  });

/** Waits for the range: it comes from the day of the summary. */
export const waterfallQuery = (range: Range | undefined, slice: Slice) =>
  queryOptions({
    queryKey: ["growth", "movements", range?.from, range?.to, slice],
    queryFn: ({ signal }) =>
      api.get<Waterfall>(
        "/growth/movements",
        { from: range?.from, to: range?.to, ...slice },
        { signal },
      ),
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
  });

export const metricsQuery = (slice: Slice) =>
  queryOptions({
    queryKey: ["growth", "metrics", METRIC_MONTHS, slice],
    queryFn: ({ signal }) =>
      api.get<Metrics>("/growth/metrics", { months: METRIC_MONTHS, ...slice }, { signal }),
    placeholderData: keepPreviousData,
  });

export const movementsQuery = (range: Range, kind: Kind | undefined, slice: Slice) =>
  infiniteQueryOptions({
    queryKey: ["growth", "movements", "clients", range.from, range.to, kind ?? "all", slice],
    queryFn: ({ pageParam, signal }) =>
      api.get<Narrow<Schemas["MovementPage"], { items: Movement[] }>>(
        "/growth/movements/clients",
        { from: range.from, to: range.to, kind, limit: 50, cursor: pageParam, ...slice },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

/** What the filters offer; shared with the list of clients, which asks the same. */
export const facetsQuery = queryOptions({
  queryKey: ["clients", "facets"],
  queryFn: ({ signal }) => api.get<Schemas["FacetsBody"]>("/clients/facets", undefined, { signal }),
});

/** Saved views; shared with the list of clients, which asks the same. */
export const viewsQuery = queryOptions({
  queryKey: ["clients", "views"],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: string; name: string }[] }>("/clients/views", undefined, { signal }),
});

export type Forecast = Schemas["ForecastBody"];
export type ForecastMonth = Schemas["ForecastMonth"];

export const forecastQuery = (horizon: number, slice: Slice, split?: Split) => {
  // Nobody has forecast stages apart: the pipeline shares the whole out between them.
  const parts = split === "stage" ? undefined : split;
  return queryOptions({
    queryKey: ["growth", "forecast", horizon, slice, parts],
    queryFn: ({ signal }) =>
      api.get<Forecast>("/forecast", { horizon, split: parts, ...slice }, { signal }),
    placeholderData: keepPreviousData,
  });
};

/** Stages are named by the workspace, in both languages. */
export interface PipelineStage {
  key: string;
  label: Record<Locale, string>;
  clients: number;
  mrrCents: number;
  sharePct?: number | null;
  /** The key of the stage after it; none after the last, or in another template. */
  next?: string | null;
  /** Of those who reached the stage, how many reached the next. */
  conversionPct?: number | null;
  medianDays?: number | null;
  plannedDays: number;
  /** The median of the last month ahead, shared out by stage. */
  forecastCents?: number | null;
}
export interface Pipeline {
  stages: PipelineStage[];
  withoutJourney: { clients: number; mrrCents: number };
  forecastDay?: string | null;
}

/** `horizon`: the month ahead whose forecast is shared out. */
export const pipelineQuery = (slice: Slice, horizon: number) =>
  queryOptions({
    queryKey: ["growth", "pipeline", slice, horizon],
    queryFn: ({ signal }) =>
      api.get<Pipeline>("/journey/pipeline", { ...slice, horizon }, { signal }),
    placeholderData: keepPreviousData,
  });

export const METRICS = [
  "mrr",
  "arr",
  "activeClients",
  "arpa",
  "newMrr",
  "expansionMrr",
  "netNewMrr",
  "newClients",
  "meanHealth",
  "atRiskClients",
  "nrr",
  "grr",
  "logoChurn",
  "revenueChurn",
  "monthlyChurn",
  "quickRatio",
  "ltv",
  "cac",
  "payback",
  "ltvCac",
  "nps",
  "csat",
  "ces",
] as const;
export type ObjectiveMetric = (typeof METRICS)[number];
export type ObjectiveUnit =
  | "cents"
  | "ratio"
  | "number"
  | "score"
  | "times"
  | "months"
  | "nps"
  | "ces";
export type ObjectiveState = "planned" | "on_track" | "behind" | "reached" | "missed" | "unknown";
export type Objective = Narrow<
  Schemas["ObjectiveBody"],
  {
    metric: ObjectiveMetric;
    unit: ObjectiveUnit;
    direction: "up" | "down";
    state: ObjectiveState;
  }
>;
export type Objectives = Narrow<Schemas["ObjectivesBody"], { items: Objective[] }>;
export type ObjectiveForm = Schemas["ObjectiveForm"];

export const objectivesQuery = queryOptions({
  queryKey: ["growth", "objectives"],
  queryFn: ({ signal }) => api.get<Objectives>("/growth/objectives", undefined, { signal }),
});

export type Spend = Schemas["SpendBody"];

export const spendQuery = (months: number) =>
  queryOptions({
    queryKey: ["growth", "spend", months],
    queryFn: ({ signal }) => api.get<Spend>("/growth/spend", { months }, { signal }),
  });

export type CohortPeriod = "month" | "quarter";
export type Cohorts = Narrow<Schemas["CohortsBody"], { by: CohortPeriod }>;
export type Cohort = Schemas["CohortBody"];
export type CohortCell = Schemas["CohortCell"];

export const cohortsQuery = (by: CohortPeriod, periods: number, slice: Slice) =>
  queryOptions({
    queryKey: ["growth", "cohorts", by, periods, slice],
    queryFn: ({ signal }) =>
      api.get<Cohorts>("/growth/cohorts", { by, periods, ...slice }, { signal }),
    placeholderData: keepPreviousData,
  });

export interface CohortSelection {
  cohort: string;
  by: CohortPeriod;
  /** The close to read at. */
  at: string;
  paying: boolean;
}

export const cohortClientsQuery = (of: CohortSelection, slice: Slice) =>
  infiniteQueryOptions({
    queryKey: ["growth", "cohorts", "clients", of, slice],
    queryFn: ({ pageParam, signal }) =>
      api.get<Schemas["CohortClientPage"]>(
        "/growth/cohorts/clients",
        { ...of, ...slice, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

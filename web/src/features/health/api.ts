/** Health of one client, as the server computed it. */
import { queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { HealthFact } from "@/lib/health-words";

export type Component = "usage" | "licence" | "support" | "satisfaction";

// The description has text where these are words of a list, and says nothing of free objects.
/** `weight` is the share of the known weight (0–1); null when nothing is known of this component. */
export type Factor = Narrow<
  Schemas["FactorBody"],
  { component: Component; evidence: HealthFact[] }
>;
export type Risk = Narrow<Schemas["RiskBody"], HealthFact>;

/** One day of the score's history; the score is always sent, null where too little was known. */
export type HistoryPoint = Narrow<Schemas["ScoreBody"], { score: number | null }>;

/** `asOfDay` is that of the newest row; a row is written when something changes. */
export type Health = Narrow<
  Schemas["HealthBody"],
  { class: HealthClass; factors: Factor[]; risks: Risk[]; history: HistoryPoint[] }
>;

export type Days = 30 | 90 | 365;
export const PERIODS: readonly Days[] = [30, 90, 365];

export const healthQuery = (id: string, days: Days) =>
  queryOptions({
    queryKey: ["health", id, days],
    queryFn: ({ signal }) => api.get<Health>(`/clients/${id}/health`, { days }, { signal }),
    placeholderData: (previous) => previous,
  });

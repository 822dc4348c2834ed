/** Health of one client, as the server computed it. */
import { queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api } from "@/lib/api";
import type { HealthFact } from "@/lib/health-words";

export type Component = "usage" | "licence" | "support" | "satisfaction";

export interface Factor {
  component: Component;
  score: number | null;
  /** Share of the known weight (0–1); null when nothing is known of this component. */
  weight: number | null;
  change30d: number | null;
  evidence: HealthFact[];
}

export interface HistoryPoint {
  day: string;
  score: number | null;
  coverage: number;
  recomputed: boolean;
}

export interface Risk extends HealthFact {
  since: string | null;
  pointsLost: number;
}

export interface Health {
  score: number | null;
  class: HealthClass;
  coverage: number;
  computedAt: string | null;
  /** Day of the newest row; a row is written when something changes. */
  asOfDay: string | null;
  recomputed: boolean;
  factors: Factor[];
  history: HistoryPoint[];
  risks: Risk[];
  alertThreshold: number;
}

export type Days = 30 | 90 | 365;
export const PERIODS: readonly Days[] = [30, 90, 365];

export const healthQuery = (id: string, days: Days) =>
  queryOptions({
    queryKey: ["health", id, days],
    queryFn: ({ signal }) => api.get<Health>(`/clients/${id}/health`, { days }, { signal }),
    placeholderData: (previous) => previous,
  });

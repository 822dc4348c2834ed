/** Health of one client, as the server computed it; and that of the portfolio. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { HealthFact } from "@/lib/health-words";

// The description has text where these are words of a list, and says nothing of free objects.
/** `weight` is the share of the known weight (0–1); null when nothing is known of this component. */
export type Factor = Narrow<Schemas["FactorBody"], { evidence: HealthFact[] }>;
export type Risk = Narrow<Schemas["RiskBody"], HealthFact>;
export type Cap = Schemas["CapBody"];
/** The version of a profile; `segment` is empty for everybody's, version 0 is the built-in one. */
export type ProfileRef = Schemas["ProfileRefBody"];

/** One day of the score's history; the score is always sent, null where too little was known. */
export type HistoryPoint = Narrow<Schemas["ScoreBody"], { score: number | null }>;

/** `asOfDay` is that of the newest row; a row is written when something changes. */
export type Health = Narrow<
  Schemas["HealthBody"],
  { class: HealthClass; factors: Factor[]; risks: Risk[]; history: HistoryPoint[] }
>;

/** A past day, computed now; `recorded` is what was written down then. */
export type Seen = Narrow<
  Schemas["SeenBody"],
  { class: HealthClass; factors: Factor[]; risks: Risk[] }
>;

type End = Narrow<Schemas["EndBody"], { factors: Factor[]; risks: Risk[] }>;
/** `component` is null for the vetoes; the points add up to the change. */
export type Move = Schemas["MoveBody"];
export type Moved = Narrow<Schemas["MovedBody"], { from: End; to: End; moves: Move[] }>;

export type Portfolio = Narrow<
  Schemas["PortfolioBody"],
  { days: Narrow<Schemas["HealthDayBody"], { mean: number | null }>[] }
>;

/** An opinion, as it stands in the timeline. */
export interface Pulse {
  id: string;
  at: string;
  data: { value?: number; note?: string; author?: string };
}

/** After so many days an opinion counts no more. */
export const PULSE_DAYS = 90;

export type Days = 30 | 90 | 365;
export const PERIODS: readonly Days[] = [30, 90, 365];

export const healthQuery = (id: string, days: Days) =>
  queryOptions({
    queryKey: ["health", id, days],
    queryFn: ({ signal }) => api.get<Health>(`/clients/${id}/health`, { days }, { signal }),
    placeholderData: (previous) => previous,
  });

export const seenQuery = (id: string, day: string, version: ProfileRef | undefined) =>
  queryOptions({
    queryKey: ["health", id, "at", day, version?.segment, version?.version],
    queryFn: ({ signal }) =>
      api.get<Seen>(`/clients/${id}/health/at`, { day, ...version }, { signal }),
    placeholderData: keepPreviousData,
  });

export const movedQuery = (id: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["health", id, "moves", from, to],
    queryFn: ({ signal }) =>
      api.get<Moved>(`/clients/${id}/health/moves`, { from, to }, { signal }),
    placeholderData: keepPreviousData,
  });

/** The last opinion on a client. The key begins with "clients": it is part of the timeline. */
export const pulseQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "pulse"],
    queryFn: async ({ signal }) => {
      const { items } = await api.get<{ items: Pulse[] }>(
        `/clients/${id}/timeline`,
        { kinds: "pulse", limit: 1 },
        { signal },
      );
      return items[0] ?? null;
    },
  });

/** Saved views; shared with the list of clients, which asks the same. */
export const viewsQuery = queryOptions({
  queryKey: ["clients", "views"],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: string; name: string }[] }>("/clients/views", undefined, { signal }),
});

/** Whose health is asked for. */
export interface Scope {
  segment?: string;
  owner?: string;
  /** Amounts are then what clients pay for it. */
  product?: string;
  /** A saved view. */
  view?: string;
}

/** Whether it leaves somebody out. */
export const isNarrow = (scope: Scope) =>
  Boolean(scope.segment || scope.owner || scope.product || scope.view);

/** Days of the mean's curve. */
export const MEAN_DAYS = 90;

export const portfolioQuery = ({ segment, owner, product, view }: Scope) =>
  queryOptions({
    queryKey: ["health", "portfolio", segment, owner, product, view],
    queryFn: ({ signal }) =>
      api.get<Portfolio>(
        "/health/portfolio",
        { segment, owner, product, view, days: MEAN_DAYS },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });

/** The mean by week of the clients that a filter leaves. */
export const portfolioDaysQuery = ({ segment, owner, product, view }: Scope) =>
  queryOptions({
    queryKey: ["health", "portfolio-days", segment, owner, product, view],
    queryFn: ({ signal }) =>
      api.get<Schemas["HealthDaysBody"]>(
        "/health/portfolio/days",
        { segment, owner, product, view, days: MEAN_DAYS },
        { signal },
      ),
    select: ({ items }) => items.map(({ day, mean }) => ({ day, mean: mean ?? null })),
  });

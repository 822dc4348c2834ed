/** What is asked about the journeys of many clients. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Params, type Schemas } from "@/lib/api";
import type { Label, StageStatus } from "./api";

export interface BoardStage {
  key: string;
  label: Label;
  plannedDays: number;
  clients: number;
  mrrCents: number;
  late: number;
  atRisk: number;
  meanProgressPct?: number | null;
}
export interface Board {
  /** Clients in all, those without a journey among them. */
  total: number;
  withoutJourney: number;
  completed: number;
  stages: BoardStage[];
  today: string;
}

export interface Card {
  clientId: string;
  clientName: string;
  segment?: string | null;
  owner?: string | null;
  mrrCents: number;
  health?: number | null;
  healthClass: HealthClass;
  stage?: string | null;
  status?: StageStatus | null;
  progressPct?: number | null;
  stageProgressPct?: number | null;
  enteredOn?: string | null;
  days?: number | null;
  plannedDays?: number | null;
  expectedEnd?: string | null;
  projectedEnd?: string | null;
  daysLate: number;
  inferred: boolean;
  advanceProposedOn?: string | null;
  alerts: number;
}
export interface CardPage {
  items: Card[];
  nextCursor?: string | null;
  total: number;
}

export interface Reached {
  entered: number;
  /** How many came as far as each stage. */
  reached: number[];
  /** From each stage to the next. */
  conversionPct: (number | null)[];
}
export interface Funnel {
  stages: { key: string; label: Label }[];
  /** By the month in which they entered. */
  cohorts: (Reached & { month: string; inferred: number })[];
  all: Reached;
}

export interface Duration {
  sample: number;
  medianDays?: number | null;
  p80Days?: number | null;
}
export interface Times {
  stages: (Duration & {
    key: string;
    label: Label;
    plannedDays: number;
    inferred: number;
    bySegment: (Duration & { segment?: string | null })[];
  })[];
}

export const boardQuery = (params: Params) =>
  queryOptions({
    queryKey: ["journeys", "board", params],
    queryFn: ({ signal }) => api.get<Board>("/journey/board", params, { signal }),
    placeholderData: keepPreviousData,
  });

export const cardsQuery = (params: Params, limit: number) =>
  infiniteQueryOptions({
    queryKey: ["journeys", "clients", params, limit],
    queryFn: ({ pageParam, signal }) =>
      api.get<CardPage>("/journey/clients", { ...params, limit, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const funnelQuery = (params: Params) =>
  queryOptions({
    queryKey: ["journeys", "funnel", params],
    queryFn: ({ signal }) => api.get<Funnel>("/journey/funnel", params, { signal }),
    placeholderData: keepPreviousData,
  });

export const timesQuery = (params: Params) =>
  queryOptions({
    queryKey: ["journeys", "times", params],
    queryFn: ({ signal }) => api.get<Times>("/journey/times", params, { signal }),
    placeholderData: keepPreviousData,
  });

export interface Settings {
  autoStart: boolean;
  withoutJourney: number;
}

export const settingsQuery = queryOptions({
  queryKey: ["journeys", "settings"],
  queryFn: ({ signal }) => api.get<Settings>("/journey/settings", undefined, { signal }),
});
export const saveSettings = (form: { autoStart: boolean }) =>
  api.put<Settings>("/journey/settings", form);
/** Starts journeys for those who have none: stage from tenure and use. */
export const inferJourneys = () => api.post<{ clients: number }>("/journey/infer");

/** Asked as the growth pages ask it. */
export const facetsQuery = queryOptions({
  queryKey: ["clients", "facets"],
  queryFn: ({ signal }) => api.get<Schemas["FacetsBody"]>("/clients/facets", undefined, { signal }),
});

/** Saved views, asked as the list of clients asks them. */
export const viewsQuery = queryOptions({
  queryKey: ["clients", "views"],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: string; name: string }[] }>("/clients/views", undefined, { signal }),
});

export interface FoundClient {
  id: string;
  name: string;
  health?: number | null;
  healthClass: HealthClass;
  segment?: string | null;
}
export const clientSearchQuery = (q: string) =>
  queryOptions({
    queryKey: ["clients", "pick", "journey", q],
    queryFn: ({ signal }) =>
      api.get<{ items: FoundClient[]; total: number }>(
        "/clients",
        { q, limit: 8, status: q ? "all" : "active", sort: q ? "name" : "health" },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });

/** Usage of one client, and what comes in: write keys, hours, quarantine. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Page } from "@/lib/api";
import { addDays } from "@/lib/format";

export type Days = 30 | 90 | 365;

export interface Usage {
  from?: string;
  to?: string;
  /** A day without use may be left out. */
  days: { day: string; count: number; users: number }[];
  events: { event: string; count: number; users: number; lastDay: string }[];
  seats: number | null;
}

export interface WriteKey {
  id: string;
  name: string;
  prefix: string;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  accepted24h: number;
  duplicates24h: number;
  quarantined24h: number;
}

export interface Ingestion {
  keys: WriteKey[];
  hours: { hour: string; accepted: number; duplicates: number; quarantined: number }[];
  totals: { events: number; quarantined: number; parked: number };
  /** Where events are sent: "http://…/v1/batch". */
  endpoint: string;
  lastReceivedAt: string | null;
}

export interface Quarantined {
  id: string;
  receivedAt: string;
  source: string | null;
  code: string;
  params: Record<string, unknown>;
  /** The record as it was received. */
  raw: string;
  tries: number;
}

export interface NewKey {
  id: string;
  secret: string;
}

/** Every day of the range, those without use included: equal lengths of time on the axis. */
export function everyDay(usage: Usage): Usage {
  const from = usage.from ?? usage.days[0]?.day;
  const to = usage.to ?? usage.days.at(-1)?.day;
  if (!from || !to) return usage;
  const known = new Map(usage.days.map((day) => [day.day, day]));
  const days: Usage["days"] = [];
  for (let day = from; day <= to; day = addDays(day, 1))
    days.push(known.get(day) ?? { day, count: 0, users: 0 });
  return { ...usage, days };
}

export const usageQuery = (id: string, days: Days) =>
  queryOptions({
    queryKey: ["usage", id, days],
    queryFn: ({ signal }) => api.get<Usage>(`/clients/${id}/usage`, { days }, { signal }),
    select: everyDay,
    placeholderData: (previous) => previous,
  });

export const ingestionQuery = queryOptions({
  queryKey: ["ingestion"],
  queryFn: ({ signal }) => api.get<Ingestion>("/ingestion", undefined, { signal }),
});

export const quarantineQuery = infiniteQueryOptions({
  queryKey: ["quarantine"],
  queryFn: ({ signal, pageParam }) =>
    api.get<Page<Quarantined>>("/quarantine", { limit: 30, cursor: pageParam }, { signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.nextCursor,
});

export const createKey = (name: string) => api.post<NewKey>("/tokens", { kind: "write", name });
export const revokeKey = (id: string) => api.delete(`/tokens/${id}`);

export interface Replayed {
  accepted: boolean;
  code?: string;
  params?: Record<string, unknown>;
}
export const replayOne = (id: string, raw?: string) =>
  api.post<Replayed>(`/quarantine/${id}/replay`, raw === undefined ? {} : { raw });
export const replayAll = () =>
  api.post<{ accepted: number; stillQuarantined: number }>("/quarantine/replay");
export const dropOne = (id: string) => api.delete(`/quarantine/${id}`);

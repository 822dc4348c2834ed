/** One client: its facts, subscriptions, movements, tickets, contacts and timeline. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Page } from "@/lib/api";

export type ClientStatus = "active" | "trial" | "churned" | "paused" | "archived" | "none";

export interface ClientDetail {
  id: string;
  externalId: string;
  name: string;
  domain: string | null;
  segment: string | null;
  industry: string | null;
  country: string | null;
  owner: string | null;
  status: ClientStatus;
  mrrCents: number;
  mrrChange3mPct: number | null;
  health: number | null;
  healthClass: HealthClass;
  healthCoverage: number | null;
  healthChange30d: number | null;
  lastSeenAt: string | null;
  sinceDay: string | null;
  seats: number | null;
  plan: string | null;
  traits: Record<string, unknown>;
  createdAt: string;
  healthAt: string | null;
  arrCents: number;
  subscriptionsActive: number;
  openTickets: number;
  contactsCount: number;
  /** The day on which the last subscription ended. */
  churnedOn?: string | null;
  /** The score stopped with the last subscription. */
  frozen: boolean;
}

export interface Subscription {
  id: string;
  externalId: string;
  product: string;
  plan: string | null;
  startDate: string;
  endDate: string | null;
  isTrial: boolean;
  paused: boolean;
  quantity: number;
  /** In `currency`, for one unit and one period. */
  amountCents: number;
  currency: string;
  period: "month" | "year" | "quarter" | "week" | "day";
  /** Today, in the reporting currency. */
  mrrCents: number;
  status: "active" | "future" | "ended" | "trial" | "paused";
}

export type MovementKind = "new" | "expansion" | "contraction" | "churn" | "reactivation";

export interface Movement {
  day: string;
  kind: MovementKind;
  deltaCents: number;
  mrrAfterCents: number;
}

export interface Movements {
  items: Movement[];
  points: { day: string; mrrCents: number }[];
}

export interface Contact {
  id: string;
  externalId: string;
  name: string | null;
  email: string | null;
  role: string | null;
  lastSeenAt: string | null;
}

export interface Ticket {
  id: string;
  externalId: string;
  subject: string | null;
  priority: "urgent" | "high" | "normal" | "low";
  status: "open" | "closed";
  openedAt: string;
  closedAt: string | null;
  satisfaction: number | null;
}

export const TIMELINE_KINDS = [
  "ticket",
  "survey",
  "message",
  "meeting",
  "payment",
  "mrr",
  "health",
  "outcome",
  "metric",
  "churn_reason",
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineItem {
  id: string;
  kind: string;
  at: string;
  endedAt?: string | null;
  data: Record<string, unknown>;
}

export const clientQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id],
    queryFn: ({ signal }) => api.get<ClientDetail>(`/clients/${id}`, undefined, { signal }),
  });

export const subscriptionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "subscriptions"],
    queryFn: ({ signal }) =>
      api.get<{ items: Subscription[] }>(`/clients/${id}/subscriptions`, undefined, { signal }),
  });

export const movementsQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "movements"],
    queryFn: ({ signal }) => api.get<Movements>(`/clients/${id}/movements`, undefined, { signal }),
  });

function pages<T>(id: string, part: string, limit: number, params: { kinds?: string[] } = {}) {
  return infiniteQueryOptions({
    queryKey: ["clients", "one", id, part, limit, params],
    queryFn: ({ signal, pageParam }) =>
      api.get<Page<T>>(
        `/clients/${id}/${part}`,
        { ...params, limit, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
}

export const contactsQuery = (id: string, limit = 50) => pages<Contact>(id, "contacts", limit);
export const ticketsQuery = (id: string) => pages<Ticket>(id, "tickets", 50);
export const timelineQuery = (id: string, kinds?: string[], limit = 40) =>
  pages<TimelineItem>(id, "timeline", limit, kinds?.length ? { kinds } : {});

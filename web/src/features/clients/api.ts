/** One client: its facts, subscriptions, movements, tickets, contacts and timeline. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Schemas } from "@/lib/api";
import type { ClientWords } from "./api-list";

// The description has text where these are words of a list, and says nothing of free objects.
export type ClientDetail = Narrow<
  Schemas["ClientDetail"],
  ClientWords & { traits: Record<string, unknown>; children: Relative[] }
>;
/** Who stands above or below a client. */
export type Relative = Narrow<Schemas["RelativeBody"], { healthClass?: HealthClass | null }>;
/** `amountCents` is in `currency`, for one unit and one period; `mrrCents` in the reporting one. */
export type Subscription = Narrow<
  Schemas["SubscriptionBody"],
  {
    period: "month" | "year" | "quarter" | "week" | "day";
    status: "active" | "future" | "ended" | "trial" | "paused";
  }
>;
export type MovementKind = "new" | "expansion" | "contraction" | "churn" | "reactivation";
export type Movement = Narrow<Schemas["OwnMovement"], { kind: MovementKind }>;
export type Movements = Narrow<Schemas["MovementsBody"], { items: Movement[] }>;
export type Contact = Narrow<Schemas["ContactBody"], { consent?: "given" | "refused" | null }>;
export type Ticket = Narrow<
  Schemas["TicketBody"],
  { priority: "urgent" | "high" | "normal" | "low"; status: "open" | "closed" }
>;
export type TimelineItem = Narrow<Schemas["TimelineItem"], { data: Record<string, unknown> }>;

export const TIMELINE_KINDS = [
  "note",
  "ticket",
  "survey",
  "message",
  "meeting",
  "task",
  "opportunity",
  "journey",
  "payment",
  "mrr",
  "health",
  "outcome",
  "metric",
  "pulse",
  "churn_reason",
  "file",
  "change",
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** What a person may record. An opinion has a card of its own. */
export const HAND_KINDS = [
  "meeting",
  "message",
  "ticket",
  "payment",
  "outcome",
  "metric",
  "survey",
  "churn_reason",
] as const satisfies readonly TimelineKind[];
export type HandKind = (typeof HAND_KINDS)[number];

/** Whether people may correct it. */
export const isByHand = (item: TimelineItem): boolean =>
  item.byHand === true && (HAND_KINDS as readonly string[]).includes(item.kind);

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

export const contactsQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "contacts"],
    queryFn: ({ signal }) =>
      api.get<{ items: Contact[] }>(`/clients/${id}/contacts`, undefined, { signal }),
  });

export type ClientFile = Schemas["FileBody"];

export const filesQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "files"],
    queryFn: ({ signal }) =>
      api.get<{ items: ClientFile[] }>(`/clients/${id}/files`, undefined, { signal }),
  });

/** A client that is likely the same as another, and why. */
export type Duplicate = Narrow<Schemas["DuplicateBody"], { like: "domain" | "name" | "near_name" }>;

export const duplicatesQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "duplicates"],
    queryFn: ({ signal }) =>
      api.get<{ items: Duplicate[] }>(`/clients/${id}/duplicates`, undefined, { signal }),
    staleTime: 5 * 60_000,
  });

/** One of two clients that are compared: its fields, its own ones, how many rows hang on it. */
export type Side = Narrow<
  Schemas["SideBody"],
  { fields: Record<string, unknown>; counts: Record<string, number> }
>;
export type Compared = Narrow<Schemas["ComparedBody"], { keep: Side; other: Side }>;

export const comparedQuery = (id: string, other: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "merge", other],
    queryFn: ({ signal }) =>
      api.get<Compared>(`/clients/${id}/merge/${other}`, undefined, { signal }),
  });

export const ticketsQuery = (id: string) =>
  queryOptions({
    queryKey: ["clients", "one", id, "tickets"],
    queryFn: ({ signal }) =>
      api.get<{ items: Ticket[] }>(`/clients/${id}/tickets`, undefined, { signal }),
  });

export const timelineQuery = (id: string, kinds: string[] = [], limit = 40) =>
  infiniteQueryOptions({
    queryKey: ["clients", "one", id, "timeline", limit, kinds],
    queryFn: ({ signal, pageParam }) =>
      api.get<Narrow<Schemas["TimelineBody"], { items: TimelineItem[] }>>(
        `/clients/${id}/timeline`,
        { kinds, limit, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** The workspace's own fields. */
export const ownFieldsQuery = queryOptions({
  queryKey: ["clients", "fields"],
  queryFn: ({ signal }) =>
    api.get<{ items: { key: string; label: string; kind: string }[] }>(
      "/clients/fields",
      undefined,
      { signal },
    ),
});

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => api.get<Schemas["MemberList"]>("/members", undefined, { signal }),
});

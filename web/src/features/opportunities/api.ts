/** What the opportunity pages ask the server. Keys begin with "opportunities": live changes refresh them. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { toastError } from "@/components/ui/toast";
import { api, type Narrow, type Params, type Schemas } from "@/lib/api";
import type { OpportunityFact } from "@/lib/opportunity-words";

export const LISTS = ["expansion", "retention", "conversation"] as const;
export type List = (typeof LISTS)[number];
export const STATES = [
  "open",
  "accepted",
  "snoozed",
  "dismissed",
  "won",
  "lost",
  "expired",
] as const;
export type State = (typeof STATES)[number];
export const DISMISSED_FOR = [
  "not_relevant",
  "wrong_data",
  "already_done",
  "bad_timing",
  "other",
] as const;
export const LOST_FOR = ["price", "budget", "competitor", "no_need", "no_answer", "other"] as const;

// The description has text where these are words of a list.
interface Words {
  list: List;
  state: State;
  clientHealthClass: HealthClass;
  evidence: OpportunityFact[];
}
export type Opportunity = Narrow<Schemas["OpportunityBody"], Words>;
export type Detail = Narrow<
  Schemas["OpportunityDetail"],
  Words & { steps: Narrow<Schemas["OpportunityStep"], { state: State }>[] }
>;
export type Totals = Schemas["OpportunityTotals"];
export type OpportunityPage = Narrow<
  Schemas["OpportunitiesBody"],
  {
    items: Opportunity[];
    totals: Record<List, Totals>;
    states: Partial<Record<State, number>>;
  }
>;
export type NextMove = Narrow<
  Schemas["NextMoveBody"],
  { opportunity?: Opportunity | null; priority: "urgent" | "high" | "normal" | "low" }
>;
export type NextMoves = Narrow<Schemas["NextMovesBody"], { items: NextMove[] }>;
export type Settings = Schemas["DetectionSettings"];
export type Subscription = Narrow<
  Schemas["SubscriptionBody"],
  { period: "month" | "year" | "quarter" | "week" | "day" }
>;

export const listQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["opportunities", "list", params],
    queryFn: ({ pageParam, signal }) =>
      api.get<OpportunityPage>(
        "/opportunities",
        { ...params, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** The first few of a list with its sums. */
export const topQuery = (params: Params, limit: number) =>
  queryOptions({
    queryKey: ["opportunities", "top", params, limit],
    queryFn: ({ signal }) =>
      api.get<OpportunityPage>("/opportunities", { ...params, limit }, { signal }),
  });

export const oneQuery = (id: string) =>
  queryOptions({
    queryKey: ["opportunities", "one", id],
    queryFn: ({ signal }) => api.get<Detail>(`/opportunities/${id}`, undefined, { signal }),
  });

/** `of`: a client, or a part of the portfolio. */
export const movesQuery = (of: Params = {}, limit = 3) =>
  queryOptions({
    queryKey: ["opportunities", "moves", of, limit],
    queryFn: ({ signal }) => api.get<NextMoves>("/growth/actions", { ...of, limit }, { signal }),
  });

export const settingsQuery = queryOptions({
  queryKey: ["opportunities", "settings"],
  queryFn: ({ signal }) => api.get<Settings>("/opportunities/settings", undefined, { signal }),
});

export const runningQuery = (client: string) =>
  queryOptions({
    queryKey: ["clients", "one", client, "subscriptions"],
    queryFn: ({ signal }) =>
      api.get<{ items: Subscription[] }>(`/clients/${client}/subscriptions`, undefined, { signal }),
  });

export type Decision = Schemas["DecideForm"];

export const sendDecision = (id: string, decision: Decision) =>
  api.patch<Opportunity>(`/opportunities/${id}`, decision);

/** Everything that a decision may have moved. */
const MOVED = ["opportunities", "tasks", "growth", "clients"];

export function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(MOVED.map((word) => client.invalidateQueries({ queryKey: [word] }))).then(() => {});
}

export function useDecide() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: ({ id, ...decision }: Decision & { id: string }) => sendDecision(id, decision),
    onError: toastError,
    onSettled: refresh,
  });
}

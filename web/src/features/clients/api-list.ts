/** What the list of clients asks the server. Keys begin with "clients": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Narrow, type Params, type Schemas } from "@/lib/api";
import type { HealthFact } from "@/lib/health-words";

export type ClientStatus =
  | "active"
  | "trial"
  | "paused"
  | "churned"
  | "none"
  | "archived"
  | "deleted";

/** The description has text where these are words of a list, and says nothing of what a risk holds. */
export interface ClientWords {
  status: ClientStatus;
  healthClass: HealthClass;
  topRisk?: HealthFact | null;
}

/** `healthSpark` is fourteen points over 90 days; holes stay holes. */
export type ListedClient = Narrow<Schemas["ClientBody"], ClientWords>;
/** `sumMrrCents` is that of all the clients that match, loaded or not. */
export type ClientPage = Narrow<Schemas["ClientPage"], { items: ListedClient[] }>;
export type Facets = Schemas["FacetsBody"];

const PAGE = 100;

export const clientsQuery = (params: Params, limit = PAGE) =>
  infiniteQueryOptions({
    queryKey: ["clients", "list", params, limit],
    queryFn: ({ pageParam, signal }) =>
      api.get<ClientPage>("/clients", { ...params, limit, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** Saved views, to filter by one of them. */
export const viewsQuery = queryOptions({
  queryKey: ["clients", "views"],
  queryFn: ({ signal }) =>
    api.get<{ items: { id: string; name: string }[] }>("/clients/views", undefined, { signal }),
});

export const facetsQuery = queryOptions({
  queryKey: ["clients", "facets"],
  queryFn: ({ signal }) => api.get<Facets>("/clients/facets", undefined, { signal }),
});

/** What the list of clients asks the server. Keys begin with "clients": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { api, type Page, type Params } from "@/lib/api";

export type ClientStatus = "active" | "trial" | "paused" | "churned" | "none" | "archived";

export interface ListedRisk {
  key: string;
  params: Record<string, unknown>;
}

export interface ListedClient {
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
  /** Fourteen points over 90 days; holes stay holes. */
  healthSpark: (number | null)[];
  topRisk: ListedRisk | null;
  lastSeenAt: string | null;
  sinceDay: string | null;
}

export interface ClientPage extends Page<ListedClient> {
  /** MRR of all the clients that match, loaded or not. */
  sumMrrCents: number;
}

export interface Facets {
  segments: { value: string; count: number }[];
  owners: { value: string; count: number }[];
}

const PAGE = 100;

export const clientsQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["clients", "list", params],
    queryFn: ({ pageParam, signal }) =>
      api.get<ClientPage>("/clients", { ...params, limit: PAGE, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const facetsQuery = queryOptions({
  queryKey: ["clients", "facets"],
  queryFn: ({ signal }) => api.get<Facets>("/clients/facets", undefined, { signal }),
});

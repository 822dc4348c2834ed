/** The matrix of clients and products. Keys begin with "opportunities": live changes refresh them. */
import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, type Narrow, type Params, type Schemas } from "@/lib/api";
import type { OpportunityFact } from "@/lib/opportunity-words";
import type { State } from "./api";

export type MatrixProduct = Schemas["MatrixProduct"];
/** Owned (`mrrCents`), or suggested (the rest). */
export type MatrixCell = Narrow<
  Schemas["MatrixCell"],
  { evidence?: OpportunityFact[] | null; opportunityState?: State | null }
>;
export type MatrixClient = Narrow<
  Schemas["MatrixClient"],
  { cells: Partial<Record<string, MatrixCell>> }
>;
export type MatrixPage = Narrow<Schemas["MatrixBody"], { items: MatrixClient[] }>;

export const matrixQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["opportunities", "matrix", params],
    queryFn: ({ pageParam, signal }) =>
      api.get<MatrixPage>(
        "/opportunities/matrix",
        { ...params, limit: 50, cursor: pageParam },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** All pages at once, as the API writes them for programs. */
export const matrixFile = (params: Params) => api.text("/opportunities/matrix/export", params);

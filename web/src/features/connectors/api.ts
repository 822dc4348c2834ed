/** What imports ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api, apiUrl, type Narrow, type Schemas } from "@/lib/api";
import type { Locale } from "@/lib/format";

export const ENTITIES = ["client", "contact", "subscription"] as const;
export type Entity = (typeof ENTITIES)[number];
export const MODES = ["upsert", "create", "update"] as const;
export type Mode = (typeof MODES)[number];
export type Key = "externalId" | "domain" | "email";
export type Days = "dmy" | "mdy" | "ymd";
export type Decimal = "." | ",";

/** What a column means; a column that is not there is not imported. */
export interface PlanColumn {
  at: number;
  to: string;
  days?: Days;
  decimal?: Decimal;
}
export interface Plan {
  entity: Entity;
  mode: Mode;
  key: Key;
  columns: PlanColumn[];
}

export interface FoundColumn {
  name: string;
  filled: number;
  samples: string[];
  days?: Days | "ask" | null;
  dayExamples: string[];
  decimal?: Decimal | "ask" | null;
  numberExamples: string[];
}
export interface Found {
  rows: number;
  broken: number;
  sheet?: string | null;
  known?: "hubspot" | "salesforce" | null;
  remembered: boolean;
  columns: FoundColumn[];
}

export type State = "new" | "checking" | "checked" | "running" | "done" | "failed" | "stopped";
export type Import = Narrow<
  Schemas["ImportBody"],
  { state: State; found: Found; plan?: Plan | null }
>;
export type Refusal = Narrow<Schemas["RefusalBody"], { params: Record<string, unknown> }>;
export type PreviewRow = Narrow<
  Schemas["PreviewRowBody"],
  { cells?: string[] | null; wrong: Refusal[] }
>;
export type ImportRow = Narrow<Schemas["ImportRowBody"], { refusal?: Refusal | null }>;
export interface TargetsOf {
  entity: Entity;
  targets: { to: string; kind: string }[];
}
export interface OwnField {
  key: string;
  label: string;
  kind: string;
}

export const working = (state: State | undefined) => state === "checking" || state === "running";

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: ["imports", id],
    queryFn: ({ signal }) => api.get<Import>(`/imports/${id}`, undefined, { signal }),
    refetchInterval: ({ state }) => (working(state.data?.state) ? 700 : false),
  });

export const historyQuery = infiniteQueryOptions({
  queryKey: ["imports", "history"],
  queryFn: ({ pageParam, signal }) =>
    api.get<{ items: Import[]; nextCursor?: string | null }>(
      "/imports",
      { limit: 20, cursor: pageParam },
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor ?? null,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some((item) => working(item.state))) ? 2000 : false,
});

export const targetsQuery = queryOptions({
  queryKey: ["imports", "targets"],
  queryFn: ({ signal }) =>
    api.get<{ items: TargetsOf[] }>("/imports/targets", undefined, { signal }),
  select: (answer) => answer.items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const ownFieldsQuery = queryOptions({
  queryKey: ["clients", "fields"],
  queryFn: ({ signal }) => api.get<{ items: OwnField[] }>("/clients/fields", undefined, { signal }),
  select: (answer) => answer.items,
});

export const previewQuery = (id: string, plan: Plan) =>
  queryOptions({
    queryKey: ["imports", id, "preview", plan],
    queryFn: ({ signal }) =>
      api.post<{ items: PreviewRow[] }>(`/imports/${id}/preview`, { plan }, { signal }),
    select: (answer) => answer.items,
    retry: false,
  });

/** The first rows that were refused. */
export const refusedQuery = (id: string, state: State) =>
  queryOptions({
    queryKey: ["imports", id, "refused", state],
    queryFn: ({ signal }) =>
      api.get<{ items: ImportRow[]; nextCursor?: string | null }>(
        `/imports/${id}/rows`,
        { outcome: "refused", limit: 10 },
        { signal },
      ),
  });

export const uploadImport = (file: File) =>
  api.upload<Import>("/imports", { name: file.name }, file);
export const checkImport = (id: string, plan: Plan) => api.post(`/imports/${id}/check`, { plan });
export const runImport = (id: string, plan: Plan) => api.post(`/imports/${id}/run`, { plan });
export const stopImport = (id: string) => api.delete(`/imports/${id}`);
/** Where the browser finds the refused rows. */
export const refusedUrl = (id: string, lang: Locale) => apiUrl(`/imports/${id}/refused`, { lang });

/** After an import: clients, and the catalogue of words that they use. */
export const refresh = (client: QueryClient) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ["imports"] }),
    client.invalidateQueries({ queryKey: ["clients"] }),
    client.invalidateQueries({ queryKey: ["facts"] }),
  ]);

/** What client management asks the server. Keys begin with "clients": live changes refresh them. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { toastError } from "@/components/ui/toast";
import { api, type Params } from "@/lib/api";
import type { Matched } from "@/lib/found";
import type { ColumnChoice } from "./columns";
import type { Op, Tree } from "./expression";
import type { Layout, Tab } from "./search";

export const KINDS = [
  "text",
  "number",
  "money",
  "day",
  "choice",
  "choices",
  "boolean",
  "url",
  "person",
] as const;
/** What a custom field can hold. */
export type FieldKind = (typeof KINDS)[number];
export type FactKind = FieldKind | "instant";

export interface Fact {
  key: string;
  /** Custom fields and metrics carry their own; the others' words are `fact.<key>`. */
  label?: string | null;
  kind: FactKind;
  ops: Op[];
  /** Closed words, or the values in use where the text is free. */
  choices?: string[] | null;
  sortable: boolean;
  column: boolean;
  /** Whether a criterion of a journey may ask for it. */
  criterion: boolean;
}

export interface Client {
  id: string;
  name: string;
  domain?: string | null;
  status: string;
  segment?: string | null;
  owner?: string | null;
  mrrCents: number;
  health?: number | null;
  healthClass: HealthClass;
  healthCoverage?: number | null;
  /** Why a search found it. */
  matched?: Matched | null;
  /** In points. */
  healthChange30d?: number | null;
  /** The facts asked for as columns. */
  facts?: Record<string, FactValue>;
}
export type FactValue = string | number | boolean | string[] | null;

export interface ClientPage {
  items: Client[];
  nextCursor?: string | null;
  total: number;
  sumMrrCents: number;
}

export interface Figures {
  count: number;
  mrrCents: number;
  arrCents: number;
  meanHealth?: number | null;
  atRisk: number;
  riskMrrCents: number;
  byStatus: Record<string, number>;
  byClass: Partial<Record<HealthClass, number>>;
  renewalsIn90Days: number;
}

export interface SavedView {
  id: string;
  name: string;
  shared: boolean;
  mine: boolean;
  where: string;
  /** Absent when its text no longer reads. */
  tree?: Tree | null;
  sort?: string | null;
  columns: ColumnChoice[];
  layout: Layout;
  /** Absent when it names a fact that is gone. */
  count?: number | null;
  position: number;
}
export type ViewForm = Pick<SavedView, "name" | "shared" | "where" | "columns" | "layout"> & {
  sort?: string;
};

export interface Field {
  id: string;
  key: string;
  label: string;
  kind: FieldKind;
  choices?: string[] | null;
  position: number;
}

export interface Expression {
  text: string;
  tree: Tree;
  count: number;
}

const PAGE = 100;

/** The catalogue changes with fields and with the words in use, not with each change of a client. */
export const factsQuery = queryOptions({
  queryKey: ["facts"],
  queryFn: ({ signal }) => api.get<{ items: Fact[] }>("/clients/facts", undefined, { signal }),
  select: (answer) => answer.items,
});

/** One page of the list; a page is asked again by itself. */
export const pageQuery = (params: Params, cursor: string | null) =>
  queryOptions({
    queryKey: ["clients", "advanced", params, cursor],
    queryFn: ({ signal }) =>
      api.get<ClientPage>("/clients", { ...params, limit: PAGE, cursor }, { signal }),
  });

export const figuresQuery = (params: Params) =>
  queryOptions({
    queryKey: ["clients", "figures", params],
    queryFn: ({ signal }) => api.get<Figures>("/clients/figures", params, { signal }),
  });

export const tabsQuery = (params: Params) =>
  queryOptions({
    queryKey: ["clients", "tabs", params],
    queryFn: ({ signal }) =>
      api.get<Record<Tab, number>>("/clients/tabs", { ...params, tab: undefined }, { signal }),
  });

export const viewsQuery = queryOptions({
  queryKey: ["clients", "views"],
  queryFn: ({ signal }) => api.get<{ items: SavedView[] }>("/clients/views", undefined, { signal }),
  select: (answer) => answer.items,
});

export const fieldsQuery = queryOptions({
  queryKey: ["clients", "fields"],
  queryFn: ({ signal }) => api.get<{ items: Field[] }>("/clients/fields", undefined, { signal }),
  select: (answer) => answer.items,
});

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) =>
    api.get<{ items: { userId: string; name: string }[] }>("/members", undefined, { signal }),
});

/** The tree of a text or the text of a tree, and how many clients match. */
export type Asked = { text: string } | { tree: Tree };
export const readExpression = (asked: Asked, signal?: AbortSignal) =>
  api.post<Expression>("/clients/expressions", asked, { signal });

export const expressionQuery = (text: string) =>
  queryOptions({
    queryKey: ["clients", "expression", text],
    queryFn: ({ signal }) => readExpression({ text }, signal),
    retry: false,
  });

export const createView = (form: ViewForm) => api.post<SavedView>("/clients/views", form);
export const patchView = (id: string, patch: Partial<ViewForm>) =>
  api.patch<SavedView>(`/clients/views/${id}`, patch);
export const deleteView = (id: string) => api.delete(`/clients/views/${id}`);

export type FieldForm = Pick<Field, "key" | "label" | "kind"> & { choices?: string[] };
export const createField = (form: FieldForm) => api.post<Field>("/clients/fields", form);
export const patchField = (
  id: string,
  patch: Partial<Pick<Field, "label" | "position">> & { choices?: string[] },
) => api.patch<Field>(`/clients/fields/${id}`, patch);
export const deleteField = (id: string) => api.delete(`/clients/fields/${id}`);

/** Clients that a name may already stand for. */
export const likeQuery = (name: string) =>
  queryOptions({
    queryKey: ["clients", "like", name],
    queryFn: ({ signal }) =>
      api.get<ClientPage>("/clients", { q: name, limit: 3, status: "all" }, { signal }),
    enabled: name.length >= 3,
  });

export const createClient = (form: Record<string, unknown>) =>
  api.post<{ items: { id: string; created: boolean }[] }>("/clients", form);

/** After a change of one's own: clients, views and fields, and the catalogue that they make. */
export const refresh = (client: QueryClient) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ["clients"] }),
    client.invalidateQueries({ queryKey: factsQuery.queryKey }),
  ]);

/** A change, with the refresh after it; a failure is said. */
export function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onError: toastError,
    onSettled: () => refresh(client),
  });
}

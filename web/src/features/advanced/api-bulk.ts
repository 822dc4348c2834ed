/** Changing many clients at once: what would change, the run, what became of each row. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, type Params } from "@/lib/api";
import type { FactValue } from "./api";
import type { Selection } from "./selection";

export type BulkAction =
  | { kind: "assign"; owner: string | null }
  | { kind: "tag" | "untag"; tag: string }
  | { kind: "set"; fact: string; value: FactValue }
  | { kind: "archive" | "restore" }
  | { kind: "reassign"; from: string; receivers: Record<string, string>; returnsOn?: string }
  | { kind: "task"; title: string; dueInDays?: number; owner?: string; priority?: string };
/** What is begun over a selection: a reassignment is about a person. */
export type BulkKind = Exclude<BulkAction["kind"], "reassign">;

export type BulkSelection =
  | { ids: string[] }
  | { where?: string; tab?: string; q?: string; view?: string; except: string[] };

export interface BulkBody {
  selection: BulkSelection;
  action: BulkAction;
}

export interface BulkPreview {
  total: number;
  changes: number;
  unchanged: number;
  refused: number;
  sample: { id: string; name: string; before: FactValue; after: FactValue }[];
}

export interface BulkRun {
  id: string;
  state: "running" | "done" | "undone";
  total: number;
  done: number;
  changed: number;
  unchanged: number;
  refused: number;
  /** Given back what they had. */
  undone: number;
  /** Not given back, because somebody has changed them since. */
  kept: number;
  action: BulkAction;
  startedAt: string;
  by: string;
}

export const OUTCOMES = ["changed", "unchanged", "refused", "undone", "kept"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface BulkRow {
  clientId: string;
  /** Absent when there is no such client. */
  name?: string | null;
  outcome: Outcome;
  before?: FactValue;
  after?: FactValue;
  /** The code of a refusal. */
  reason?: string | null;
}

/** The selection as the server takes it: what was chosen by hand, or what the filters mean. */
export function selectionBody(selection: Selection, params: Params): BulkSelection {
  if (selection.mode === "some") return { ids: [...selection.ids] };
  const text = (name: string) =>
    typeof params[name] === "string" && params[name] !== "" ? (params[name] as string) : undefined;
  return {
    where: text("where"),
    tab: text("tab"),
    q: text("q"),
    view: text("view"),
    except: [...selection.except],
  };
}

export const previewQuery = (body: BulkBody | undefined) =>
  queryOptions({
    queryKey: ["clients", "bulk", "preview", body],
    queryFn: ({ signal }) => api.post<BulkPreview>("/clients/bulk/preview", body, { signal }),
    enabled: body !== undefined,
    retry: false,
    // What is about to happen is always asked anew.
    staleTime: 0,
    gcTime: 0,
  });

export const startBulk = (body: BulkBody) => api.post<{ id: string }>("/clients/bulk", body);
export const undoBulk = (id: string) => api.post(`/clients/bulk/${id}/undo`);

/** While it runs it is asked for again; the live stream would only tell once rows have changed. */
const POLL = 700;
export const runQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ["bulk", id],
    queryFn: ({ signal }) => api.get<BulkRun>(`/clients/bulk/${id}`, undefined, { signal }),
    enabled: id !== undefined,
    refetchInterval: (query) =>
      query.state.data?.state === "running" || !query.state.data ? POLL : false,
  });

export const rowsQuery = (id: string, outcome: Outcome) =>
  infiniteQueryOptions({
    queryKey: ["bulk", id, "rows", outcome],
    queryFn: ({ pageParam, signal }) =>
      api.get<{ items: BulkRow[]; nextCursor?: string | null }>(
        `/clients/bulk/${id}/rows`,
        { outcome, cursor: pageParam, limit: 50 },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

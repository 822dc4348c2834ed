/** Dealing somebody's clients out to colleagues: what each would receive, the run, those that come back. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { BulkRun } from "./api-bulk";

export interface ReassignBody {
  from: string;
  receivers: string[];
  deal: "count" | "mrr";
  segments: { segment: string; receiver: string }[];
  tasks: boolean;
  returnsOn?: string;
}

export interface ReassignShare {
  userId: string;
  name: string;
  clients: number;
  mrrCents: number;
  tasks: number;
  /** What they have now. */
  holdsClients: number;
  holdsMrrCents: number;
}

export interface ReassignPreview {
  /** Absent when the person is no member. */
  fromUserId?: string | null;
  clients: number;
  mrrCents: number;
  tasks: number;
  receivers: ReassignShare[];
}

export const reassignPreviewQuery = (body: ReassignBody | undefined) =>
  queryOptions({
    queryKey: ["clients", "reassign", "preview", body],
    queryFn: ({ signal }) =>
      api.post<ReassignPreview>("/clients/reassignments/preview", body, { signal }),
    enabled: body !== undefined,
    retry: false,
    // What is about to happen is always asked anew.
    staleTime: 0,
    gcTime: 0,
  });

export const startReassign = (body: ReassignBody) =>
  api.post<{ id: string }>("/clients/reassignments", body);

/** The last reassignments, the newest first. */
export const reassignmentsQuery = queryOptions({
  queryKey: ["clients", "reassignments"],
  queryFn: ({ signal }) =>
    api.get<{ items: BulkRun[] }>("/clients/reassignments", undefined, { signal }),
});

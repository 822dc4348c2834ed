/** What a client is shown on a signed link: no session, only what the link was made for. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { Label, MilestoneStatus, StageStatus } from "./api";

export interface SharedStage {
  key: string;
  label: Label;
  description: Label;
  status: StageStatus;
  progressPct: number;
  enteredOn?: string | null;
  expectedEnd?: string | null;
  criteria: { label: Label; met: boolean }[];
  actions: {
    key: string;
    label: Label;
    done: boolean;
    due?: string | null;
    /** The client's own: it ticks it here. */
    yours: boolean;
  }[];
  milestones: { title: Label; due: string; status: MilestoneStatus }[];
}
export interface Shared {
  workspaceName: string;
  clientName: string;
  expiresAt: string;
  today: string;
  stages: SharedStage[];
}

const path = (token: string) => `/shared/journey/${encodeURIComponent(token)}`;

export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ["shared", "journey", token],
    queryFn: ({ signal }) => api.get<Shared>(path(token), undefined, { signal }),
    retry: false,
    // Nobody tells this page what changed: it asks again when it is looked at.
    refetchOnWindowFocus: true,
  });

export const tickShared = (token: string, key: string, done: boolean) =>
  api.put<Shared>(`${path(token)}/actions/${encodeURIComponent(key)}`, { done });

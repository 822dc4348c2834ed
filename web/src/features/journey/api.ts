/**
 * What the journey pages ask the server. One client's journey begins with "journey", what is about
 * many with "journeys": live changes refresh them (see lib/live.ts).
 */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { HealthClass } from "@/components/ui/health";
import { toastError } from "@/components/ui/toast";
import { ApiError, api } from "@/lib/api";
import type { Locale } from "@/lib/format";
import type { HealthFact } from "@/lib/health-words";

/** A name that the workspace wrote, in both languages. */
export type Label = Record<Locale, string>;

export const STAGE_STATUSES = ["pending", "active", "at_risk", "completed", "skipped"] as const;
export type StageStatus = (typeof STAGE_STATUSES)[number];
export type JourneyStatus = "active" | "at_risk" | "completed";
export type MilestoneStatus = "upcoming" | "due_soon" | "overdue" | "completed";
export const IMPACTS = ["low", "medium", "high"] as const;
export type Impact = (typeof IMPACTS)[number];
export const ALERT_KINDS = [
  "stage_late",
  "stage_projected_late",
  "milestone_overdue",
  "action_overdue",
  "stalled",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];
export const ROLES = ["in_charge", "client", "managers"] as const;
export type ActionOwner = (typeof ROLES)[number];

export type EvidenceValue = string | number | boolean | string[] | null;
/** One comparison of a measured criterion, as it was last made. */
export interface Evidence {
  fact: string;
  op: string;
  threshold?: EvidenceValue;
  value?: EvidenceValue;
  met: boolean;
}

export interface Criterion {
  key: string;
  label: Label;
  kind: "measured" | "manual";
  required: boolean;
  once: boolean;
  expression?: string | null;
  met: boolean;
  metOn?: string | null;
  /** Who ticked a manual one. */
  metBy?: string | null;
  /** Share of the way, 0–1. */
  fraction: number;
  evidence: Evidence[];
  checkedOn?: string | null;
}

export interface KeyAction {
  key: string;
  label: Label;
  owner: ActionOwner;
  due?: string | null;
  done: boolean;
  doneOn?: string | null;
  taskId?: string | null;
  ownerName?: string | null;
  overdue: boolean;
}

export interface Stage {
  key: string;
  label: Label;
  description: Label;
  plannedDays: number;
  status: StageStatus;
  progressPct: number;
  enteredOn?: string | null;
  leftOn?: string | null;
  expectedEnd?: string | null;
  projectedEnd?: string | null;
  /** Days spent, so far for the current one. */
  days?: number | null;
  daysLate: number;
  inferred: boolean;
  /** Given when it was left by hand. */
  reason?: string | null;
  criteria: Criterion[];
  actions: KeyAction[];
  /** Real durations of this stage over all clients. */
  real: { medianDays?: number | null; p80Days?: number | null; sample: number; inferred: number };
}

export interface Milestone {
  id: string;
  title: Label;
  due: string;
  stage?: string | null;
  impact: Impact;
  critical: boolean;
  status: MilestoneStatus;
  daysLate: number;
  completedOn?: string | null;
  byHand: boolean;
}

export interface Alert {
  id: string;
  kind: AlertKind;
  stage?: string | null;
  /** The stage, the milestone or the action that it is about. */
  label?: Label | null;
  raisedOn: string;
  daysLate: number;
  due?: string | null;
  critical: boolean;
  clientId: string;
  clientName: string;
}

export interface Note {
  id: string;
  kind: "risk" | "opportunity";
  stage?: string | null;
  text: string;
  by?: string | null;
  at: string;
}

export interface NextAction {
  kind: "task" | "opportunity" | "invoice";
  id: string;
  title?: string | null;
  detector?: string | null;
  priority: "urgent" | "high" | "normal" | "low";
  ownerName?: string | null;
  due?: string | null;
  expectedCents?: number | null;
  overdue: boolean;
}

export interface Passage {
  stage: string;
  enteredOn: string;
  leftOn?: string | null;
  days?: number | null;
  plannedDays: number;
  outcome?: "completed" | "skipped" | "moved" | null;
  reason?: string | null;
  by?: string | null;
  inferred: boolean;
}

export interface Share {
  id: string;
  stages: string[];
  createdAt: string;
  createdBy?: string | null;
  expiresAt: string;
  lastSeenAt?: string | null;
  revokedAt?: string | null;
  status: "active" | "expired" | "revoked";
}

export interface OwnJourney {
  id: string;
  templateId: string;
  templateName: Label;
  version: number;
  latestVersion: number;
  status: JourneyStatus;
  /** Of the current stage; none once completed. */
  stage?: string | null;
  progressPct: number;
  startedOn: string;
  completedOn?: string | null;
  inferred: boolean;
  expectedEnd?: string | null;
  projectedEnd?: string | null;
  daysLate: number;
  lastProgressOn?: string | null;
  /** "Ask me" waits for a confirmation since that day. */
  advanceProposedOn?: string | null;
  /** Taken back by hand to a stage that is done: it goes on when a person confirms. */
  advanceHeld: boolean;
  /** The client left or is paused: nothing is late. */
  suspended: boolean;
}

export interface Journey {
  clientId: string;
  clientName: string;
  health?: number | null;
  healthClass: HealthClass;
  today: string;
  /** None: one can be started. */
  journey?: OwnJourney | null;
  stages: Stage[];
  milestones: Milestone[];
  alerts: Alert[];
  risks: (HealthFact & { pointsLost: number; since?: string | null })[];
  opportunities: {
    id: string;
    detector: string;
    list: string;
    expectedCents: number;
    amountCents?: number | null;
    state: string;
  }[];
  notes: Note[];
  nextActions: NextAction[];
  history: Passage[];
  shares: Share[];
}

export const journeyQuery = (client: string) =>
  queryOptions({
    queryKey: ["journey", client],
    queryFn: ({ signal }) => api.get<Journey>(`/clients/${client}/journey`, undefined, { signal }),
  });

const of = (client: string) => `/clients/${client}/journey`;

export interface MilestoneForm {
  /** One language is enough: the other becomes the same. */
  title: Partial<Label>;
  due: string;
  impact: Impact;
  critical: boolean;
  stage?: string;
}
export interface MoveForm {
  to: string | null;
  reason: string;
  skip?: boolean;
}

export const startJourney = (client: string, form: { templateId?: string; stage?: string } = {}) =>
  api.post<Journey>(of(client), form);
export const moveJourney = (client: string, form: MoveForm) =>
  api.post<Journey>(`${of(client)}/move`, form);
export const advanceJourney = (client: string) => api.post<Journey>(`${of(client)}/advance`);
export const tickCriterion = (client: string, key: string, met: boolean) =>
  api.put<Journey>(`${of(client)}/criteria/${encodeURIComponent(key)}`, { met });
export const tickAction = (client: string, key: string, done: boolean) =>
  api.put<Journey>(`${of(client)}/actions/${encodeURIComponent(key)}`, { done });
export const addMilestone = (client: string, form: MilestoneForm) =>
  api.post<Milestone>(`${of(client)}/milestones`, form);
export const patchMilestone = (
  client: string,
  id: string,
  patch: Partial<MilestoneForm> & { completed?: boolean },
) => api.patch<Milestone>(`${of(client)}/milestones/${id}`, patch);
export const deleteMilestone = (client: string, id: string) =>
  api.delete(`${of(client)}/milestones/${id}`);
export const addNote = (client: string, form: Pick<Note, "kind" | "text">) =>
  api.post<Note>(`${of(client)}/notes`, form);
export const deleteNote = (client: string, id: string) => api.delete(`${of(client)}/notes/${id}`);
export const shareJourney = (client: string, form: { stages: string[]; days: number }) =>
  api.post<{ share: Share; url: string }>(`${of(client)}/shares`, form);
export const revokeShare = (client: string, id: string) => api.delete(`${of(client)}/shares/${id}`);

/** Everything that a change of a journey may have moved. */
const MOVED = ["journey", "journeys", "clients", "tasks"];

export function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(MOVED.map((word) => client.invalidateQueries({ queryKey: [word] }))).then(() => {});
}

/** A change, with the refresh after it; a failure is said. */
export function useChange() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onError: toastError,
    onSettled: refresh,
  });
}

export const isGone = (error: unknown) => error instanceof ApiError && error.status === 404;

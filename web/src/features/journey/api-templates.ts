/** Templates of journeys: versions of what a journey is made of. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "@/lib/api";
import type { Priority } from "@/lib/priority";
import type { ActionOwner, Impact, Label, StageStatus } from "./api";
import type { Duration } from "./api-portfolio";

export interface TemplateCriterion {
  key: string;
  label: Label;
  /** None: a person ticks it. */
  expression?: string | null;
  required: boolean;
  once: boolean;
  weight: number;
}
export interface TemplateAction {
  key: string;
  label: Label;
  owner: ActionOwner;
  dueDays: number;
  business: boolean;
  priority: Priority;
}
export interface TemplateMilestone {
  key: string;
  title: Label;
  /** Days after the stage begins. */
  day: number;
  impact: Impact;
  critical: boolean;
}
export interface TemplateStage {
  key: string;
  label: Label;
  description: Label;
  plannedDays: number;
  criteria: TemplateCriterion[];
  actions: TemplateAction[];
  milestones: TemplateMilestone[];
}
export interface Template {
  name: Label;
  segment?: string | null;
  advance: "auto" | "ask";
  stalledAfterDays: number;
  weights: { criteria: number; actions: number };
  stages: TemplateStage[];
}

export interface TemplateLine {
  id: string;
  name: Label;
  segment?: string | null;
  version: number;
  builtIn: boolean;
  clients: number;
  updatedAt?: string | null;
  updatedBy?: string | null;
  stages: { key: string; label: Label; plannedDays: number }[];
}
export interface TemplateDetail {
  id: string;
  version: number;
  builtIn: boolean;
  template: Template;
  versions: { version: number; at?: string | null; by?: string | null; clients: number }[];
  /** "Planned 30, real 41". */
  durations: (Duration & { stage: string; plannedDays: number; inferred: number })[];
}

export interface Preview {
  version: number;
  clients: number;
  changes: {
    clientId: string;
    clientName: string;
    fromVersion: number;
    fromStage?: string | null;
    toStage?: string | null;
    progressFrom: number;
    progressTo: number;
    statusFrom?: StageStatus | null;
    statusTo?: StageStatus | null;
  }[];
  truncated: boolean;
  stages: { from: string; to: string; clients: number }[];
}

const PATH = "/journey/templates";

export const templatesQuery = queryOptions({
  queryKey: ["journeys", "templates"],
  queryFn: ({ signal }) => api.get<{ items: TemplateLine[] }>(PATH, undefined, { signal }),
});
export const templateQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: ["journeys", "templates", id, version ?? "latest"],
    queryFn: ({ signal }) => api.get<TemplateDetail>(`${PATH}/${id}`, { version }, { signal }),
  });
export const previewQuery = (id: string) =>
  queryOptions({
    queryKey: ["journeys", "templates", id, "preview"],
    queryFn: ({ signal }) => api.post<Preview>(`${PATH}/${id}/preview`, {}, { signal }),
    staleTime: 0,
  });
export const createTemplate = (template: Template) => api.post<TemplateDetail>(PATH, { template });
export const saveTemplate = (id: string, template: Template) =>
  api.put<TemplateDetail>(`${PATH}/${id}`, { template });
export const deleteTemplate = (id: string) => api.delete(`${PATH}/${id}`);
export const migrateTemplate = (id: string) =>
  api.post<{ version: number; clients: number }>(`${PATH}/${id}/migrate`, {});

/** A template as it is being edited: what was typed, what is wrong with it, and what would be saved. */
import type { Refusal } from "@/lib/form";
import type { Label } from "./api";
import type {
  Template,
  TemplateAction,
  TemplateCriterion,
  TemplateMilestone,
  TemplateStage,
} from "./api-templates";

/** Something in a list: known by a number of its own while it has no key yet. */
type Draft<T, Typed extends keyof T> = Omit<T, Typed> & Record<Typed, string> & { id: number };

export type CriterionDraft = Draft<TemplateCriterion, "weight"> & { measured: boolean };
export type ActionDraft = Draft<TemplateAction, "dueDays">;
export type MilestoneDraft = Draft<TemplateMilestone, "day">;
export type StageDraft = Omit<
  Draft<TemplateStage, "plannedDays">,
  "criteria" | "actions" | "milestones"
> & {
  criteria: CriterionDraft[];
  actions: ActionDraft[];
  milestones: MilestoneDraft[];
};
export interface TemplateDraft {
  name: Label;
  segment: string;
  advance: "auto" | "ask";
  stalledAfterDays: string;
  weights: { criteria: string; actions: string };
  stages: StageDraft[];
}

let last = 0;
const fresh = () => ++last;
const nothing = (): Label => ({ fr: "", en: "" });

export const newCriterion = (): CriterionDraft => ({
  id: fresh(),
  key: "",
  label: nothing(),
  measured: false,
  expression: null,
  required: true,
  once: false,
  weight: "1",
});
export const newAction = (): ActionDraft => ({
  id: fresh(),
  key: "",
  label: nothing(),
  owner: "in_charge",
  dueDays: "5",
  business: true,
  priority: "normal",
});
export const newMilestone = (day: string): MilestoneDraft => ({
  id: fresh(),
  key: "",
  title: nothing(),
  day,
  impact: "medium",
  critical: false,
});
export const newStage = (): StageDraft => ({
  id: fresh(),
  key: "",
  label: nothing(),
  description: nothing(),
  plannedDays: "30",
  criteria: [],
  actions: [],
  milestones: [],
});

export function draftOf(template: Template): TemplateDraft {
  return {
    name: template.name,
    segment: template.segment ?? "",
    advance: template.advance,
    stalledAfterDays: String(template.stalledAfterDays),
    weights: {
      criteria: String(template.weights.criteria),
      actions: String(template.weights.actions),
    },
    stages: template.stages.map((stage) => ({
      ...stage,
      id: fresh(),
      plannedDays: String(stage.plannedDays),
      criteria: stage.criteria.map((item) => ({
        ...item,
        id: fresh(),
        measured: item.expression != null,
        weight: String(item.weight),
      })),
      actions: stage.actions.map((item) => ({
        ...item,
        id: fresh(),
        dueDays: String(item.dueDays),
      })),
      milestones: stage.milestones.map((item) => ({
        ...item,
        id: fresh(),
        day: String(item.day),
      })),
    })),
  };
}

/** A name as a key: `Premier projet lancé` → `premier_projet_lance`. */
export function slug(name: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  if (plain === "") return "x";
  return /^[a-z]/.test(plain) ? plain : `x_${plain}`;
}

/** Both languages: the one that was left out becomes the other. */
function both(label: Label): Label {
  const fr = label.fr.trim();
  const en = label.en.trim();
  return { fr: fr || en, en: en || fr };
}

const keysOf = (items: readonly { key: string }[]) =>
  new Set(items.map((item) => item.key).filter(Boolean));

/** What is there keeps its key; what is new takes one from its name, different from the others'. */
function keyed<T extends { key: string }>(
  items: readonly T[],
  name: (item: T) => Label,
  taken = keysOf(items),
): T[] {
  return items.map((item) => {
    if (item.key) return item;
    const base = slug(both(name(item)).en);
    let key = base;
    for (let n = 2; taken.has(key); n += 1) key = `${base}_${n}`;
    taken.add(key);
    return { ...item, key };
  });
}

/** The template of a draft without mistakes. */
export function templateOf(draft: TemplateDraft): Template {
  // A criterion names an action without its stage.
  const actions = keysOf(draft.stages.flatMap((stage) => stage.actions));
  return {
    name: both(draft.name),
    segment: draft.segment.trim() || null,
    advance: draft.advance,
    stalledAfterDays: Number(draft.stalledAfterDays),
    weights: {
      criteria: Number(draft.weights.criteria),
      actions: Number(draft.weights.actions),
    },
    stages: keyed(draft.stages, (stage) => stage.label).map((stage) => ({
      key: stage.key,
      label: both(stage.label),
      description: both(stage.description),
      plannedDays: Number(stage.plannedDays),
      criteria: keyed(stage.criteria, (item) => item.label).map((item) => ({
        key: item.key,
        label: both(item.label),
        expression: item.measured ? (item.expression ?? "") : null,
        required: item.required,
        once: item.once,
        weight: Number(item.weight),
      })),
      actions: keyed(stage.actions, (item) => item.label, actions).map((item) => ({
        key: item.key,
        label: both(item.label),
        owner: item.owner,
        dueDays: Number(item.dueDays),
        business: item.business,
        priority: item.priority,
      })),
      milestones: keyed(stage.milestones, (item) => item.title).map((item) => ({
        key: item.key,
        title: both(item.title),
        day: Number(item.day),
        impact: item.impact,
        critical: item.critical,
      })),
    })),
  };
}

const DAYS = { min: 1, max: 730 };

function whole(text: string, min: number, max: number): Refusal | undefined {
  if (text.trim() === "") return { code: "field_required" };
  const value = Number(text);
  return Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : { code: "field_range", params: { min, max } };
}

const named = (label: Label): Refusal | undefined =>
  label.fr.trim() === "" && label.en.trim() === "" ? { code: "field_required" } : undefined;

/** What is wrong, by field, as the server would say it; names of fields are the server's. */
export function checkTemplate(draft: TemplateDraft): Record<string, Refusal | undefined> {
  const found: Record<string, Refusal | undefined> = {
    "template.name": named(draft.name),
    "template.stalledAfterDays": whole(draft.stalledAfterDays, DAYS.min, DAYS.max),
  };
  const weights = [draft.weights.criteria, draft.weights.actions].map(Number);
  const sum = weights.reduce((all, value) => all + value, 0);
  if (weights.some((value) => !(value >= 0)) || sum !== 100) {
    found["template.weights"] = {
      code: "journey_weights_sum",
      params: { sum: Number.isFinite(sum) ? sum : 0 },
    };
  }
  if (draft.stages.length === 0) found["template.stages"] = { code: "journey_no_stage" };
  draft.stages.forEach((stage, at) => {
    const path = `template.stages[${at}]`;
    found[`${path}.label`] = named(stage.label);
    const planned = whole(stage.plannedDays, DAYS.min, DAYS.max);
    found[`${path}.plannedDays`] =
      planned && planned.code === "field_range"
        ? { code: "journey_duration", params: planned.params }
        : planned;
    stage.criteria.forEach((item, index) => {
      const field = `${path}.criteria[${index}]`;
      found[`${field}.label`] = named(item.label);
      found[`${field}.weight`] = whole(item.weight, 1, 100);
      if (item.measured && !item.expression?.trim()) {
        found[`${field}.expression`] = { code: "field_required" };
      }
    });
    stage.actions.forEach((item, index) => {
      const field = `${path}.actions[${index}]`;
      found[`${field}.label`] = named(item.label);
      found[`${field}.dueDays`] = whole(item.dueDays, 0, DAYS.max);
    });
    stage.milestones.forEach((item, index) => {
      const field = `${path}.milestones[${index}]`;
      found[`${field}.title`] = named(item.title);
      const day = Number(item.day);
      const most = Number(stage.plannedDays);
      found[`${field}.day`] =
        item.day.trim() !== "" && day < 0
          ? { code: "journey_milestone_early" }
          : Number.isInteger(day) && day > most && !planned
            ? { code: "journey_milestone_late", params: { max: most } }
            : whole(item.day, 0, DAYS.max);
    });
  });
  return found;
}

/** A list with one of its items changed, moved or taken away. */
export const changed = <T>(list: readonly T[], at: number, patch: Partial<T>): T[] =>
  list.map((item, index) => (index === at ? { ...item, ...patch } : item));
export const without = <T>(list: readonly T[], at: number): T[] =>
  list.filter((_, index) => index !== at);
export function moved<T>(list: readonly T[], at: number, by: 1 | -1): T[] {
  const next = [...list];
  const [item] = next.splice(at, 1);
  if (item !== undefined) next.splice(Math.max(0, at + by), 0, item);
  return next;
}

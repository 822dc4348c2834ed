/** A profile as it is being edited: what was typed, what is wrong with it, and what would be saved. */

import type { Refusal } from "@/lib/form";
import { NONE } from "@/lib/format";
import { parseNumber } from "@/lib/typed";
import type { Curve, Point, Profile } from "./api-profiles";

export interface DraftPoint {
  key: number;
  x: string;
  y: string;
}

export const LEVELS = ["excellent", "good", "watch", "alert", "rearm"] as const;
export type Level = (typeof LEVELS)[number];

export interface Draft extends Record<Level, string> {
  weights: Record<string, string>;
  /** In per cent. */
  minCoverage: string;
  curves: Record<string, DraftPoint[]>;
  invoiceOn: boolean;
  invoiceDays: string;
  invoiceCap: string;
  championOn: boolean;
  championCap: string;
  note: string;
}

export const NOTE_MAX = 512;
const CURVE_POINTS = { min: 2, max: 8 };

/** The caps that a switch turned on again begins with: those of the built-in profile. */
const CAPS = { invoice: 50, champion: 65 };

let lastKey = 0;
export const newPoint = (x: string, y: string): DraftPoint => ({ key: ++lastKey, x, y });

/** A number as it is typed, with a comma or a point; not a number when it is none, or below zero. */
export function readNumber(text: string): number {
  const number = parseNumber(text);
  return number !== null && number >= 0 ? number : Number.NaN;
}

/** What is typed for a profile; `write` puts a number into the words of the language. */
export function draftOf(
  profile: Profile,
  curves: readonly Curve[],
  write: (value: number) => string,
): Draft {
  const { vetoes } = profile;
  const points = (name: string, fallback: readonly Point[]) =>
    (profile.curves[name] ?? fallback).map(([x, y]) => newPoint(write(x), write(y)));
  return {
    weights: Object.fromEntries(
      Object.entries(profile.weights).map(([name, weight]) => [name, String(weight)]),
    ),
    minCoverage: write(Math.round(profile.minCoverage * 1000) / 10),
    excellent: String(profile.excellent),
    good: String(profile.good),
    watch: String(profile.watch),
    alert: String(profile.alert),
    rearm: String(profile.rearm),
    curves: Object.fromEntries(
      curves.map((curve) => [curve.curve, points(curve.curve, curve.default)]),
    ),
    invoiceOn: vetoes.invoiceCap != null,
    invoiceDays: String(vetoes.invoiceDays),
    invoiceCap: String(vetoes.invoiceCap ?? CAPS.invoice),
    championOn: vetoes.championCap != null,
    championCap: String(vetoes.championCap ?? CAPS.champion),
    note: "",
  };
}

/** What the weights come to; what is not a number counts nothing. */
export function sumOfWeights(weights: Draft["weights"]): number {
  return Object.values(weights).reduce((sum, text) => sum + (readNumber(text) || 0), 0);
}

/**
 * Weights that sum to 100. The one that was changed last stays where it was put, the others share
 * what is left as they stood to one another; those of zero stay out unless nothing else is there.
 */
export function shareOut(
  weights: Draft["weights"],
  kept?: string,
  fallback: readonly string[] = Object.keys(weights),
): Draft["weights"] {
  const value = (name: string) => {
    const typed = readNumber(weights[name] ?? "");
    return Number.isFinite(typed) ? Math.min(100, Math.round(typed)) : 0;
  };
  const names = Object.keys(weights);
  const stays = kept !== undefined && names.some((name) => name !== kept && value(name) > 0);
  const fixed = stays ? value(kept) : 0;
  const others = names.filter((name) => !(stays && name === kept));
  const weighing = others.filter((name) => value(name) > 0);
  const sharers = weighing.length > 0 ? weighing : fallback.filter((name) => others.includes(name));
  const whole = sharers.reduce((sum, name) => sum + value(name), 0);
  const left = 100 - fixed;
  const exact = sharers.map((name) => ({
    name,
    share: left * (whole > 0 ? value(name) / whole : 1 / sharers.length) || 0,
  }));
  // Whole points to each, then one more to the largest remainders.
  const out: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  if (stays) out[kept] = fixed;
  for (const { name, share } of exact) out[name] = Math.floor(share);
  let rest = left - exact.reduce((sum, { share }) => sum + Math.floor(share), 0);
  for (const { name } of [...exact].sort((a, b) => (b.share % 1) - (a.share % 1))) {
    if (rest <= 0) break;
    out[name] = (out[name] ?? 0) + 1;
    rest -= 1;
  }
  return Object.fromEntries(names.map((name) => [name, String(out[name])]));
}

/** What a weight comes to once the components that are not fed have given theirs away (0–1). */
export function effectiveShare(
  weights: Draft["weights"],
  name: string,
  fed: ReadonlySet<string>,
): number | null {
  if (!fed.has(name)) return null;
  const of = (key: string) => readNumber(weights[key] ?? "") || 0;
  const whole = Object.keys(weights).reduce((sum, key) => sum + (fed.has(key) ? of(key) : 0), 0);
  return whole > 0 ? of(name) / whole : null;
}

/** A whole number within bounds. */
function whole(text: string, min: number, max: number): Refusal | undefined {
  const value = readNumber(text);
  if (text.trim() === "") return { code: "field_required" };
  const good = Number.isInteger(value) && value >= min && value <= max;
  return good ? undefined : { code: "field_range", params: { min, max } };
}

function checkCurve(
  points: readonly DraftPoint[],
  { rises, costs }: Pick<Curve, "rises" | "costs">,
): Refusal | undefined {
  const { min, max } = CURVE_POINTS;
  if (points.length < min || points.length > max) {
    return { code: "health_curve_points", params: { min, max } };
  }
  const numbers = points.map((point) => [readNumber(point.x), readNumber(point.y)] as const);
  if (numbers.some(([x, y]) => Number.isNaN(x) || Number.isNaN(y)))
    return { code: "number_invalid" };
  if (numbers.some(([, y]) => y > 100))
    return { code: "field_range", params: { min: 0, max: 100 } };
  if (numbers.some(([x]) => x > 1e6)) return { code: "field_range", params: { min: 0, max: 1e6 } };
  const onward = numbers.every(([x, y], index) => {
    const before = numbers[index - 1];
    if (!before) return true;
    return before[0] < x && (rises ? before[1] <= y : before[1] >= y);
  });
  if (onward) return undefined;
  return {
    code: "health_curve_turns",
    params: { way: costs ? "costing" : rises ? "rising" : "falling" },
  };
}

/** What is wrong, by field, as the server would say it. */
export function checkDraft(draft: Draft, curves: readonly Curve[]): Record<string, Refusal> {
  const found: Record<string, Refusal | undefined> = {};
  for (const [name, text] of Object.entries(draft.weights)) {
    found[`weights.${name}`] = whole(text, 0, 100);
  }
  const sum = sumOfWeights(draft.weights);
  if (sum !== 100) found.weights = { code: "health_profile_weights_sum", params: { sum } };
  for (const level of LEVELS) found[level] = whole(draft[level], 0, 100);
  const above = (field: Level, lower: Level, least: number) => {
    const value = readNumber(draft[field]);
    const under = readNumber(draft[lower]);
    if (!found[field] && !found[lower] && value - under < least) {
      found[field] = { code: "health_thresholds_order", params: { above: under } };
    }
  };
  above("excellent", "good", 1);
  above("good", "watch", 1);
  // Equal is allowed: then an alert may be raised again at once.
  if (!found.alert && !found.rearm && readNumber(draft.rearm) < readNumber(draft.alert)) {
    found.rearm = { code: "health_rearm_order", params: { least: readNumber(draft.alert) } };
  }
  const coverage = readNumber(draft.minCoverage);
  if (!(coverage >= 0 && coverage <= 100)) {
    found.minCoverage = { code: "field_range", params: { min: 0, max: 100 } };
  }
  if (draft.invoiceOn) found.invoiceCap = whole(draft.invoiceCap, 0, 100);
  if (draft.championOn) found.championCap = whole(draft.championCap, 0, 100);
  found.invoiceDays = whole(draft.invoiceDays, 1, 365);
  for (const curve of curves) {
    found[`curves.${curve.curve}`] = checkCurve(draft.curves[curve.curve] ?? [], curve);
  }
  if (draft.note.trim().length > NOTE_MAX) {
    found.note = { code: "field_too_long", params: { max: NOTE_MAX } };
  }
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, Refusal] => entry[1] !== undefined),
  );
}

export const pointsOf = (points: readonly DraftPoint[]): Point[] =>
  points.map((point) => [readNumber(point.x), readNumber(point.y)]);

export function isDefault(points: readonly DraftPoint[], curve: Curve): boolean {
  return JSON.stringify(pointsOf(points)) === JSON.stringify(curve.default);
}

/** The profile of a draft without mistakes; only the curves that differ are kept. */
export function profileOf(draft: Draft, curves: readonly Curve[]): Profile {
  const own = curves.filter((curve) => !isDefault(draft.curves[curve.curve] ?? [], curve));
  return {
    weights: Object.fromEntries(
      Object.entries(draft.weights).map(([name, text]) => [name, readNumber(text)]),
    ),
    minCoverage: Math.round(readNumber(draft.minCoverage) * 10) / 1000,
    excellent: readNumber(draft.excellent),
    good: readNumber(draft.good),
    watch: readNumber(draft.watch),
    alert: readNumber(draft.alert),
    rearm: readNumber(draft.rearm),
    curves: Object.fromEntries(
      own.map((curve) => [curve.curve, pointsOf(draft.curves[curve.curve] ?? [])]),
    ),
    vetoes: {
      invoiceDays: readNumber(draft.invoiceDays),
      invoiceCap: draft.invoiceOn ? readNumber(draft.invoiceCap) : null,
      championCap: draft.championOn ? readNumber(draft.championCap) : null,
    },
  };
}

/** What differs between two profiles, as short facts: "usage 30 → 50". */
export interface Difference {
  kind: "weight" | "curve" | "level" | "veto" | "coverage";
  name: string;
  before: string;
  after: string;
}

export function differences(before: Profile, after: Profile): Difference[] {
  const out: Difference[] = [];
  const add = (kind: Difference["kind"], name: string, was: unknown, is: unknown) => {
    if (JSON.stringify(was ?? null) === JSON.stringify(is ?? null)) return;
    const say = (value: unknown) => (typeof value === "number" ? String(value) : NONE);
    out.push({ kind, name, before: say(was), after: say(is) });
  };
  // The weights that moved most come first: sharing out moves them all a little.
  const moved = (name: string) =>
    Math.abs((after.weights[name] ?? 0) - (before.weights[name] ?? 0));
  for (const name of Object.keys(after.weights).sort((a, b) => moved(b) - moved(a))) {
    add("weight", name, before.weights[name], after.weights[name]);
  }
  for (const level of LEVELS) add("level", level, before[level], after[level]);
  add("coverage", "minCoverage", before.minCoverage * 100, after.minCoverage * 100);
  add("veto", "invoiceDays", before.vetoes.invoiceDays, after.vetoes.invoiceDays);
  add("veto", "invoiceCap", before.vetoes.invoiceCap, after.vetoes.invoiceCap);
  add("veto", "championCap", before.vetoes.championCap, after.vetoes.championCap);
  for (const name of new Set([...Object.keys(before.curves), ...Object.keys(after.curves)])) {
    add("curve", name, before.curves[name], after.curves[name]);
  }
  return out;
}

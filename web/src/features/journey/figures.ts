/** The arithmetic of the portfolio's pages. Pure. */

/** A part of a whole, 0–1; none of nothing. */
export const share = (part: number, whole: number): number | null =>
  whole > 0 ? part / whole : null;

/** What a month's figures are shares of. */
export const OF = ["entered", "previous"] as const;
export type Of = (typeof OF)[number];

interface Month {
  entered: number;
  reached: readonly number[];
  conversionPct: readonly (number | null | undefined)[];
}

/** The share of a stage, 0–1: null of nobody; none where there is nothing before the first stage. */
export function shareOf(of: Of, month: Month, stage: number): number | null | undefined {
  if (of === "entered") return share(month.reached[stage] ?? 0, month.entered);
  if (stage === 0) return undefined;
  const pct = month.conversionPct[stage - 1];
  return pct == null ? null : pct / 100;
}

/** Where the fewest go on: the position of the lowest conversion; none while none is known. */
export function narrowest(conversions: readonly (number | null | undefined)[]): number | undefined {
  let found: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  conversions.forEach((value, index) => {
    if (value == null || value >= least) return;
    least = value;
    found = index;
  });
  return found;
}

interface Timed {
  plannedDays: number;
  sample: number;
  medianDays?: number | null;
}

/** The stage that takes longest over its plan, in share of the plan; none while nothing is late. */
export function slowest<T extends Timed>(stages: readonly T[]): T | undefined {
  const over = (stage: T) => (stage.medianDays ?? 0) / Math.max(1, stage.plannedDays);
  return stages
    .filter((stage) => stage.sample > 0 && over(stage) > 1)
    .sort((a, b) => over(b) - over(a))[0];
}

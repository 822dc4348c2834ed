/** Reading the portfolio: bins of ten points, the classes they hold, a mean that holds from day to day. */
import type { HealthClass } from "@/components/ui/health";
import { addDays, daysBetween } from "@/lib/format";
import type { Portfolio } from "./api";

export type Floors = Record<"excellent" | "good" | "watch" | "critical", number>;
const ORDER = ["critical", "watch", "good", "excellent"] as const;
type ScoredClass = (typeof ORDER)[number];

export interface Bin {
  from: number;
  to: number;
  count: number;
  /** The classes of its scores, the lowest first. */
  classes: ScoredClass[];
  /** The one of most of its scores: it gives the bar its colour. */
  main: ScoredClass;
}

function classAt(score: number, floors: Floors): ScoredClass {
  return ORDER.findLast((of) => score >= floors[of]) ?? "critical";
}

/** Counts by ten points with their classes; the last bin holds 90 to 100. */
export function binsOf(counts: readonly number[], floors: Floors): Bin[] {
  return counts.map((count, index) => {
    const from = index * 10;
    const to = index === counts.length - 1 ? 100 : from + 9;
    const held = Array.from({ length: to - from + 1 }, (_, step) => classAt(from + step, floors));
    const classes = ORDER.filter((of) => held.includes(of));
    const size = (of: ScoredClass) => held.filter((item) => item === of).length;
    const main = classes.reduce((best, of) => (size(of) > size(best) ? of : best));
    return { from, to, count, classes, main };
  });
}

/** Clients of each class; a bin of two classes is left to the server to share out. */
export function countsOf(
  bins: readonly Bin[],
  unknown: number,
): Record<HealthClass, number> | null {
  const counts = { excellent: 0, good: 0, watch: 0, critical: 0, unknown };
  for (const bin of bins) {
    if (bin.count > 0 && bin.classes.length > 1) return null;
    counts[bin.main] += bin.count;
  }
  return counts;
}

export interface MeanPoint {
  day: string;
  mean: number | null;
}

/** One point a day: a mean holds until the next one that was computed. */
export function meanByDay(rows: Portfolio["days"], until: string): MeanPoint[] {
  const sorted = [...rows].sort((a, b) => a.day.localeCompare(b.day));
  return sorted.flatMap((row, index) => {
    const next = sorted[index + 1]?.day ?? addDays(until, 1);
    const length = Math.max(1, daysBetween(row.day, next));
    return Array.from({ length }, (_, step) => ({ day: addDays(row.day, step), mean: row.mean }));
  });
}

/** The change of the mean over the days that are known, to one digit; null with fewer than two. */
export function meanChange(points: readonly MeanPoint[]): { change: number; days: number } | null {
  const known = points.filter((point) => point.mean !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || first.mean === null || last.mean === null || first === last) return null;
  const change = Math.round((last.mean - first.mean) * 10) / 10;
  return { change, days: daysBetween(first.day, last.day) };
}

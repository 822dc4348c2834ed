/** From the rows of history (written when something changes) to a curve and to its finding. */
import { addDays, daysBetween } from "@/lib/format";
import type { Days, HistoryPoint } from "./api";

/** One point a day up to `until`: a score holds until the next row. */
export function daily(history: readonly HistoryPoint[], until: string): HistoryPoint[] {
  const rows = [...history].sort((a, b) => a.day.localeCompare(b.day));
  const out: HistoryPoint[] = [];
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1]?.day ?? addDays(until, 1);
    const length = Math.max(1, daysBetween(row.day, next));
    for (let step = 0; step < length; step++) out.push({ ...row, day: addDays(row.day, step) });
  }
  return out;
}

export type Finding =
  | { kind: "none" }
  | { kind: "single"; score: number }
  | { kind: "flat"; score: number; days: number }
  | { kind: "lost" | "gained"; points: number; days: number };

/** What the curve says: "lost 27 points in 90 days". */
export function findingOf(points: readonly HistoryPoint[], asked: Days): Finding {
  const known = points.filter((point) => point.score !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || first.score === null || last.score === null) return { kind: "none" };
  const span = daysBetween(first.day, last.day);
  if (span === 0) return { kind: "single", score: last.score };
  // A window of 90 days holds 90 or 91 of them: that is one window all the same.
  const days = Math.abs(span - asked) <= 1 ? asked : span;
  const change = last.score - first.score;
  if (change === 0) return { kind: "flat", score: last.score, days };
  return { kind: change < 0 ? "lost" : "gained", points: Math.abs(change), days };
}

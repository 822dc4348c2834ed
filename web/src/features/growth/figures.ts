/** The arithmetic that the page shows: pure, so that "it adds up" can be tested. */
import type { Format } from "@/lib/format";
import { KINDS, type Kind, type Summary, type Waterfall } from "./api";

/** One line of a provenance: which kind, how much, how many (when known). */
export interface KindLine {
  kind: Kind;
  cents: number;
  count: number | null;
}

/**
 * Opening, movements and closing of the total MRR. Counts come from another answer: they are given
 * only when both speak of the same moment.
 */
export function mrrLines(summary: Summary, month: Waterfall | undefined): KindLine[] {
  return KINDS.map((kind) => {
    const cents = summary.monthMovements[kind] ?? 0;
    const counted = month?.kinds.find((item) => item.kind === kind);
    return { kind, cents, count: counted && counted.cents === cents ? counted.count : null };
  });
}

export const ACTIVE_KINDS = ["new", "reactivation", "churn"] as const;

/**
 * How the number of active clients changed since the previous close; nothing when the counts do not
 * lead from one to the other (two answers, one of them older).
 */
export function activeLines(
  summary: Summary,
  month: Waterfall | undefined,
): { before: number; counts: Record<(typeof ACTIVE_KINDS)[number], number> } | null {
  if (!month || month.to !== summary.asOf || month.from !== summary.previousDay) return null;
  const count = (kind: Kind) => month.kinds.find((item) => item.kind === kind)?.count ?? 0;
  const counts = { new: count("new"), reactivation: count("reactivation"), churn: count("churn") };
  const before = summary.activeClients - summary.activeChange;
  const after = before + counts.new + counts.reactivation - counts.churn;
  return after === summary.activeClients ? { before, counts } : null;
}

export interface Reconciliation {
  gains: number;
  losses: number;
  net: number;
  count: number;
  /** What is missing between opening + movements and closing: always 0, or it is shown. */
  gap: number;
}

export function reconcile(waterfall: Waterfall): Reconciliation {
  let gains = 0;
  let losses = 0;
  let count = 0;
  for (const item of waterfall.kinds) {
    if (item.cents > 0) gains += item.cents;
    else losses += item.cents;
    count += item.count;
  }
  const net = gains + losses;
  return {
    gains,
    losses,
    net,
    count,
    gap: waterfall.closingCents - waterfall.openingCents - net,
  };
}

/**
 * Amounts that are shown as a sum are written so that the sum is right on screen: with their cents
 * as soon as one of them has some.
 */
export function sumWriter(format: Format, amounts: readonly number[]) {
  const exact = amounts.some((cents) => cents % format.minorUnits() !== 0);
  return (cents: number, signed = false) => format.money(cents, { exact, signed });
}

/** Up, down or level: which sentence a finding takes. */
export function direction(change: number): "up" | "down" | "flat" {
  return change > 0 ? "up" : change < 0 ? "down" : "flat";
}

interface Step {
  conversionPct?: number | null;
}

/** Between which two stages the fewest go on; none while no conversion is known. */
export function weakestStep<T extends Step>(stages: readonly T[]): { from: T; to: T } | undefined {
  let found: { from: T; to: T } | undefined;
  stages.forEach((from, index) => {
    const to = stages[index + 1];
    if (!to || from.conversionPct == null) return;
    if (found && (found.from.conversionPct ?? 0) <= from.conversionPct) return;
    found = { from, to };
  });
  return found;
}

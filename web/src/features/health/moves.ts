/** Reading what each component brought to a change of score. */
import type { Cap, Factor, Move, Moved } from "./api";

export interface MoveRow extends Move {
  key: string;
  /** Share (0–1) of the largest part, for the length of a bar. */
  share: number;
  /** What the component's points were read off, on both days. */
  evidence: { before: Factor["evidence"]; after: Factor["evidence"] };
}

/** The parts of a change, with the length of their bars and their evidence. */
export function moveRows({ from, to, moves }: Moved): MoveRow[] {
  const largest = Math.max(0, ...moves.map((move) => Math.abs(move.points)));
  const of = (factors: readonly Factor[], component: string | null | undefined) =>
    factors.find((factor) => factor.component === component)?.evidence ?? [];
  return moves.map((move) => ({
    ...move,
    key: move.component ?? "veto",
    share: largest === 0 ? 0 : Math.abs(move.points) / largest,
    evidence: { before: of(from.factors, move.component), after: of(to.factors, move.component) },
  }));
}

export type MoveFinding =
  | { kind: "none"; missing: "from" | "to" | "both" }
  | { kind: "flat"; score: number }
  | { kind: "lost" | "gained"; points: number; main?: Move };

/** What happened between two days, and which part did most of it. */
export function moveFinding({ from, to, moves }: Moved): MoveFinding {
  if (from.score == null || to.score == null) {
    const missing = from.score == null ? (to.score == null ? "both" : "from") : "to";
    return { kind: "none", missing };
  }
  const change = to.score - from.score;
  if (change === 0) return { kind: "flat", score: to.score };
  const same = moves.filter((move) => Math.sign(move.points) === Math.sign(change));
  const main = same.reduce<Move | undefined>(
    (best, move) => (best && Math.abs(best.points) >= Math.abs(move.points) ? best : move),
    undefined,
  );
  return { kind: change < 0 ? "lost" : "gained", points: Math.abs(change), main };
}

/** The vetoes of a day that lowered its score: the others hold without effect, and move nothing. */
export const felt = (caps: readonly Cap[]) => caps.filter((cap) => cap.mean > cap.cap);

/** The sum of the parts, to one digit: the change itself. */
export const sumOf = (moves: readonly Move[]) =>
  Math.round(moves.reduce((sum, move) => sum + move.points * 10, 0)) / 10;

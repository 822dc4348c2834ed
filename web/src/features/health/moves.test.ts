import { expect, it } from "vitest";
import type { Moved } from "./api";
import { felt, moveFinding, moveRows, sumOf } from "./moves";

const factor = (component: string, score: number) => ({
  component,
  score,
  evidence: [{ key: "exchange_last", params: { days: score } }],
});
const change = (
  from: number | null,
  to: number | null,
  moves: [string | null, number][],
): Moved => ({
  from: { day: "2026-10-22", score: from, factors: [factor("usage", 51)], caps: [], risks: [] },
  to: { day: "2026-11-22", score: to, factors: [factor("usage", 16)], caps: [], risks: [] },
  moves: moves.map(([component, points]) => ({ component, points, before: 51, after: 16 })),
});

it("sums to the change, in tenths", () => {
  const moved = change(67, 42, [
    ["usage", -13.1],
    ["payments", -5.3],
    ["licence", -5.1],
    ["engagement", -1.6],
    ["support", 0.1],
  ]);
  expect(sumOf(moved.moves)).toBe(-25);
  expect(moveFinding(moved)).toMatchObject({
    kind: "lost",
    points: 25,
    main: { component: "usage" },
  });
});

it("names the part that went with the change, not the largest one against it", () => {
  const moved = change(60, 62, [
    ["usage", -6],
    ["payments", 5],
    [null, 3],
  ]);
  expect(moveFinding(moved)).toMatchObject({ kind: "gained", main: { component: "payments" } });
});

it("says when there is nothing to compare, or nothing changed", () => {
  expect(moveFinding(change(null, 42, []))).toEqual({ kind: "none", missing: "from" });
  expect(moveFinding(change(42, null, []))).toEqual({ kind: "none", missing: "to" });
  expect(moveFinding(change(null, null, []))).toEqual({ kind: "none", missing: "both" });
  expect(moveFinding(change(42, 42, [["usage", 0]]))).toEqual({ kind: "flat", score: 42 });
});

it("gives bars their length, and each part its evidence", () => {
  const rows = moveRows(
    change(67, 60, [
      ["usage", -8],
      [null, 2],
      ["support", -1],
    ]),
  );
  expect(rows.map((row) => [row.key, row.share])).toEqual([
    ["usage", 1],
    ["veto", 0.25],
    ["support", 0.125],
  ]);
  expect(rows[0]?.evidence.after[0]?.params.days).toBe(16);
  expect(rows[1]?.evidence).toEqual({ before: [], after: [] });
  expect(moveRows(change(50, 50, [["usage", 0]]))[0]?.share).toBe(0);
});

it("feels only the vetoes that lowered a score", () => {
  const late = { key: "invoice_late", cap: 50, mean: 72 };
  const gone = { key: "champion_left", cap: 65, mean: 72 };
  expect(felt([late, gone])).toEqual([late, gone]);
  expect(
    felt([
      { ...late, mean: 50 },
      { ...gone, mean: 41 },
    ]),
  ).toEqual([]);
});

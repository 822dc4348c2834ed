import { expect, it } from "vitest";
import { firstDay, flowRange, growthSearch, monthEnd, readMoves, writeMoves } from "./periods";

it("reads the URL without trusting it", () => {
  expect(growthSearch({ months: "12", flow: "last", tab: "health" })).toEqual({
    tab: "health",
    months: 12,
    flow: "last",
    moves: undefined,
  });
  expect(growthSearch({ months: 7, flow: "year", moves: "x", tab: "news" })).toEqual({
    tab: undefined,
    months: undefined,
    flow: undefined,
    moves: undefined,
  });
  // What is the default anyway leaves the URL.
  expect(growthSearch({ months: 6 }).months).toBeUndefined();
});

it("writes and reads the movements that are open", () => {
  const moves = { from: "2026-10-31", to: "2026-11-23", kind: "churn" } as const;
  expect(writeMoves(moves)).toBe("2026-10-31~2026-11-23~churn");
  expect(readMoves(writeMoves(moves))).toEqual(moves);
  expect(readMoves("2026-10-31~2026-11-23")?.kind).toBeUndefined();
  expect(readMoves("2026-10-31~2026-11-23~theft")?.kind).toBeUndefined();
  for (const wrong of ["", "a~b", "2026-13-45~2026-11-23", "2026-11-23~2026-10-31"]) {
    expect(readMoves(wrong)).toBeUndefined();
  }
});

it("opens a period at the close of a month", () => {
  expect(monthEnd("2026-03-15", 1)).toBe("2026-02-28");
  expect(monthEnd("2026-01-31", 1)).toBe("2025-12-31");
  expect(flowRange("month", "2026-11-23", 6)).toEqual({ from: "2026-10-31", to: "2026-11-23" });
  expect(flowRange("last", "2026-11-23", 6)).toEqual({ from: "2026-09-30", to: "2026-10-31" });
  expect(flowRange("period", "2026-11-23", 12)).toEqual({ from: "2025-11-30", to: "2026-11-23" });
  expect(firstDay({ from: "2026-10-31", to: "2026-11-23" })).toBe("2026-11-01");
});

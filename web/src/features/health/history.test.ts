import { expect, it } from "vitest";
import type { HistoryPoint } from "./api";
import { daily, findingOf } from "./history";

const row = (day: string, score: number | null, recomputed = false): HistoryPoint => ({
  day,
  score,
  coverage: 1,
  recomputed,
});

it("holds a score until the next row, up to the last day", () => {
  const points = daily([row("2026-11-04", 60), row("2026-11-01", 68, true)], "2026-11-06");
  expect(points.map((point) => point.score)).toEqual([68, 68, 68, 60, 60, 60]);
  expect(points.map((point) => point.recomputed)).toEqual([true, true, true, false, false, false]);
  expect(daily([], "2026-11-06")).toEqual([]);
});

it("says what the curve did, over the time that it covers", () => {
  const window = daily([row("2026-08-25", 68), row("2026-11-23", 41)], "2026-11-23");
  expect(findingOf(window, 90)).toEqual({ kind: "lost", points: 27, days: 90 });
  const young = daily(
    [row("2026-11-13", null), row("2026-11-14", 50), row("2026-11-20", 55)],
    "2026-11-23",
  );
  expect(findingOf(young, 90)).toEqual({ kind: "gained", points: 5, days: 9 });
  expect(findingOf(daily([row("2026-11-01", 50)], "2026-11-11"), 90)).toEqual({
    kind: "flat",
    score: 50,
    days: 10,
  });
  expect(findingOf([row("2026-11-01", 34)], 30)).toEqual({ kind: "single", score: 34 });
  expect(findingOf(daily([row("2026-11-01", null)], "2026-11-11"), 30)).toEqual({ kind: "none" });
});

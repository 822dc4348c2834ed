import { expect, it } from "vitest";
import { narrowest, share, shareOf, slowest } from "./figures";

it("has no share of nothing", () => {
  expect(share(3, 12)).toBe(0.25);
  expect(share(0, 0)).toBeNull();
});

it("says shares of those who entered, or of those at the stage before", () => {
  const month = { entered: 8, reached: [8, 4, 0], conversionPct: [50, 0] };
  expect([0, 1, 2].map((stage) => shareOf("entered", month, stage))).toEqual([1, 0.5, 0]);
  // Nothing comes before the first stage.
  expect([0, 1, 2].map((stage) => shareOf("previous", month, stage))).toEqual([undefined, 0.5, 0]);
  const nobody = { entered: 1, reached: [1, 0, 0], conversionPct: [0, null] };
  expect(shareOf("previous", nobody, 2)).toBeNull();
});

it("finds where the fewest go on, and nothing while nothing is known", () => {
  expect(narrowest([88, 34, 61, null])).toBe(1);
  expect(narrowest([null, undefined])).toBeUndefined();
  expect(narrowest([])).toBeUndefined();
});

it("finds the stage that takes longest over its plan", () => {
  const stage = (key: string, plannedDays: number, medianDays: number | null, sample = 5) => ({
    key,
    plannedDays,
    medianDays,
    sample,
  });
  // 41 of 30 is further over than 100 of 90.
  expect(slowest([stage("a", 90, 100), stage("b", 30, 41), stage("c", 60, 55)])?.key).toBe("b");
  expect(slowest([stage("a", 30, 30), stage("b", 30, null, 0)])).toBeUndefined();
});

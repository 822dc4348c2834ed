import { expect, it } from "vitest";
import { binsOf, countsOf, meanByDay, meanChange } from "./distribution";

const floors = { excellent: 80, good: 70, watch: 60, critical: 0 };
const counts = [0, 0, 0, 0, 5, 3, 15, 28, 31, 16];

it("gives each bin its class", () => {
  const bins = binsOf(counts, floors);
  expect(bins.map((bin) => bin.main)).toEqual([
    ...Array(6).fill("critical"),
    "watch",
    "good",
    "excellent",
    "excellent",
  ]);
  expect(bins[9]).toMatchObject({ from: 90, to: 100, count: 16, classes: ["excellent"] });
  expect(countsOf(bins, 2)).toEqual({
    critical: 8,
    watch: 15,
    good: 28,
    excellent: 47,
    unknown: 2,
  });
});

it("shares a bin between classes when a profile's floors lie inside it", () => {
  const bins = binsOf(counts, { ...floors, excellent: 86, good: 72 });
  expect(bins[8]).toMatchObject({ classes: ["good", "excellent"], main: "good" });
  expect(bins[7]).toMatchObject({ classes: ["watch", "good"], main: "good" });
  expect(countsOf(bins, 0)).toBeNull();
  // Nobody is in a bin that two classes share: nothing to share out.
  expect(countsOf(binsOf([1, 0, 0, 0, 0, 0, 0, 0, 0, 2], { ...floors, good: 72 }), 0)).toEqual({
    critical: 1,
    watch: 0,
    good: 0,
    excellent: 2,
    unknown: 0,
  });
});

it("holds a mean until the next one", () => {
  const row = (day: string, mean: number | null) => ({ day, mean, scored: 9, atRisk: 1 });
  const points = meanByDay([row("2026-11-04", 76.24), row("2026-11-01", 80.1)], "2026-11-05");
  expect(points.map((point) => point.mean)).toEqual([80.1, 80.1, 80.1, 76.24, 76.24]);
  expect(meanChange(points)).toEqual({ change: -3.9, days: 4 });
  expect(meanChange(meanByDay([row("2026-11-05", 70)], "2026-11-05"))).toBeNull();
  expect(meanChange(meanByDay([row("2026-11-01", null)], "2026-11-05"))).toBeNull();
  expect(meanByDay([], "2026-11-05")).toEqual([]);
});

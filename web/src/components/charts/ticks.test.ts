import { expect, it } from "vitest";
import { axisOf, niceTicks, roomBelow } from "./ticks";

it("takes round steps that hold the data", () => {
  expect(niceTicks([577_660, 608_810])).toEqual([570_000, 580_000, 590_000, 600_000, 610_000]);
  expect(niceTicks([0, 100])).toEqual([0, 20, 40, 60, 80, 100]);
  expect(niceTicks([-3, 4])).toEqual([-4, -2, 0, 2, 4]);
});
it("gives room to one level and nothing to no data", () => {
  expect(niceTicks([])).toEqual([]);
  const ticks = niceTicks([500]);
  expect(ticks[0]).toBeLessThan(500);
  expect(ticks.at(-1)).toBeGreaterThan(500);
  expect(niceTicks([0, 0])).toEqual([0]);
  expect(axisOf([0])).toEqual({ domain: [0, 1], ticks: [0] });
  expect(axisOf([-4, 0, 4]).domain).toEqual([-4, 4]);
});
it("leaves room for words under a value", () => {
  // 20 of 200 px: a tenth of the axis lies under −90.
  expect(roomBelow(-90, 0, 20, 200)).toBeCloseTo(-100);
  expect(roomBelow(0, 90, 20, 200)).toBeCloseTo(-10);
});

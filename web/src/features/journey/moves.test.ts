import { expect, it } from "vitest";
import { waysFrom } from "./moves";

const stages = ["onboarding", "adoption", "growth"].map((key) => ({ key }));
const said = (current: string | undefined) =>
  waysFrom(stages, current).map((way) => `${way.kind} ${way.to}`);

it("offers forwards first, then past the stage, back, and the end", () => {
  expect(said("adoption")).toEqual([
    "forward growth",
    "skip growth",
    "back onboarding",
    "end null",
  ]);
});

it("offers no way back from the first stage, and no way on from the last", () => {
  expect(said("onboarding")).toEqual([
    "forward adoption",
    "forward growth",
    "skip adoption",
    "end null",
  ]);
  expect(said("growth")).toEqual(["back adoption", "back onboarding", "end null"]);
});

it("offers every stage where the current one is no longer in the template", () => {
  expect(said("gone")).toEqual([
    "forward onboarding",
    "forward adoption",
    "forward growth",
    "end null",
  ]);
});

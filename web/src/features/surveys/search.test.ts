import { describe, expect, it } from "vitest";
import { behind } from "./search";

describe("the people behind a figure", () => {
  it.each([
    ["bad", "nps", { min: 0, max: 6 }],
    ["good", "csat", { min: 4, max: 5 }],
    ["middle", "ces", { min: 4, max: 4 }],
    ["asked", "nps", {}],
    ["waiting", "nps", { answered: false }],
    ["failed", "nps", { state: "failed" }],
    ["score.10", "nps", { min: 10, max: 10 }],
    ["month.2026-06", "nps", { month: "2026-06" }],
    ["segment.", "nps", { answered: true, segment: "" }],
    ["segment.a.b", "nps", { answered: true, segment: "a.b" }],
    ["month.2026-13", "nps", undefined],
    ["score.x", "nps", undefined],
    ["anything", "nps", undefined],
    [undefined, "nps", undefined],
  ])("%s of %s", (of, kind, params) => {
    expect(behind(of, kind)).toEqual(params);
  });
});

import { expect, it } from "vitest";
import { changedOf } from "./changed";

it("names what was changed, and nothing else", () => {
  const before = { name: "Ada", role: null as string | null, steps: [{ text: "a", done: false }] };
  expect(changedOf(before, { ...before })).toEqual({});
  expect(changedOf(before, { ...before, role: "champion" })).toEqual({ role: "champion" });
  expect(changedOf({ ...before, role: "champion" }, before)).toEqual({ role: null });
  const steps = [{ text: "a", done: true }];
  expect(changedOf(before, { ...before, steps })).toEqual({ steps });
});

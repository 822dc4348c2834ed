import { expect, it } from "vitest";
import { journeySearch } from "./search";

it("reads what it knows, and leaves out what goes without saying", () => {
  expect(
    journeySearch({ client: "c1", part: "milestones", show: "funnel", only: "ask", named: " a " }),
  ).toMatchObject({ client: "c1", part: "milestones", show: "funnel", only: "ask", named: "a" });
  const plain = journeySearch({ part: "journey", show: "board", only: "late" });
  expect(Object.values(plain).every((value) => value === undefined)).toBe(true);
});

it("does not trust the address", () => {
  expect(journeySearch({ part: "<b>", show: ["x"], only: 3, client: { id: 1 } })).toMatchObject({
    part: undefined,
    show: undefined,
    only: undefined,
    client: undefined,
  });
});

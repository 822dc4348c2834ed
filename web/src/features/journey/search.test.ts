import { expect, it } from "vitest";
import { stageSearch } from "@/components/ui/stage-link";
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

it("understands the link from a count of clients at a stage", () => {
  const part = { segment: "SMB", owner: "-", product: "Team", view: "v1" };
  expect(journeySearch(stageSearch("growth", part))).toMatchObject({
    show: "late",
    only: undefined,
    inStage: "growth",
    inSegment: "SMB",
    inOwner: "-",
    inProduct: "Team",
    inView: "v1",
  });
  expect(journeySearch(stageSearch("none", {}))).toMatchObject({
    only: "none",
    inStage: undefined,
  });
});

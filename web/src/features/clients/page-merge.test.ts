import { expect, it } from "vitest";
import type { Compared } from "./api";
import { differing } from "./page-merge";

const side = (editable: Record<string, unknown>, fields: Record<string, unknown> = {}) =>
  ({ editable, fields, counts: {}, mrrCents: 0 }) as unknown as Compared["keep"];

it("asks only about fields in which both have another value", () => {
  const compared = {
    keep: side({ name: "A", segment: "SMB", plan: null, seats: 0 }, { floor: 1, tags: ["x"] }),
    other: side(
      { name: "B", segment: "SMB", plan: "Pro", seats: 5 },
      { floor: 2, tags: ["x"], z: 1 },
    ),
    obstacle: null,
  } as Compared;
  expect(differing(compared).map(({ key }) => key)).toEqual(["name", "seats", "field.floor"]);
});

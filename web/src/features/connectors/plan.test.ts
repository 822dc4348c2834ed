import { expect, it } from "vitest";
import type { Found, FoundColumn, Plan, TargetsOf } from "./api";
import { answer, assign, question, turn, unanswered } from "./plan";

const plan: Plan = {
  entity: "client",
  mode: "upsert",
  key: "externalId",
  columns: [
    { at: 0, to: "externalId" },
    { at: 1, to: "name" },
    { at: 2, to: "since" },
  ],
};
const targets: TargetsOf[] = [
  { entity: "client", targets: [{ to: "since", kind: "date" }] },
  {
    entity: "contact",
    targets: [
      { to: "externalId", kind: "text" },
      { to: "name", kind: "text" },
    ],
  },
];
const column = (patch: Partial<FoundColumn>): FoundColumn => ({
  name: "c",
  filled: 1,
  samples: [],
  dayExamples: [],
  numberExamples: [],
  ...patch,
});

it("gives a meaning to one column alone, except what is kept as it is", () => {
  expect(assign(plan, 3, "name").columns).toEqual([
    { at: 0, to: "externalId" },
    { at: 2, to: "since" },
    { at: 3, to: "name" },
  ]);
  const kept = assign(assign(plan, 3, "trait"), 4, "trait");
  expect(kept.columns.filter(({ to }) => to === "trait")).toHaveLength(2);
  expect(assign(plan, 1, "").columns).toHaveLength(2);
});

it("identifies rows by what is there", () => {
  const domain = assign(assign(plan, 0, ""), 3, "domain");
  expect(domain.key).toBe("domain");
  expect(assign(domain, 0, "externalId").key).toBe("domain");
  expect(assign(domain, 3, "").key).toBe("externalId");
});

it("keeps what another kind of row has too", () => {
  expect(turn(plan, "contact", targets).columns.map(({ to }) => to)).toEqual([
    "externalId",
    "name",
  ]);
});

it("asks only where a column's cells cannot tell", () => {
  expect(question(column({ days: "ask" }), "date")).toBe("days");
  expect(question(column({ days: "ask" }), "text")).toBeUndefined();
  expect(question(column({ decimal: "ask" }), "money")).toBe("decimal");
  const found: Found = {
    rows: 1,
    broken: 0,
    remembered: false,
    columns: [column({}), column({}), column({ days: "ask" })],
  };
  const kind = (to: string) => (to === "since" ? "date" : "text");
  expect(unanswered(plan, found, kind)).toEqual([2]);
  expect(unanswered(answer(plan, 2, { days: "dmy" }), found, kind)).toEqual([]);
});

import { expect, it } from "vitest";
import { compare, type Editable, merged, patchOf } from "./page-edit";

const base: Editable = {
  name: "Acme",
  domain: null,
  owner: "Léa",
  segment: "PME",
  industry: null,
  country: "FR",
  plan: null,
  seats: 5,
  since: null,
  paused: false,
  archived: false,
  parentId: null,
  parentName: null,
  tags: ["vip"],
  fields: { contract: "annual" },
};

it("sends what differs, and null for what was emptied", () => {
  expect(patchOf(base, { ...base, owner: null, seats: 6 })).toEqual({ owner: null, seats: 6 });
  expect(patchOf(base, { ...base })).toEqual({});
  // Left out by the server and null are the same.
  expect(patchOf({ ...base, domain: undefined }, base)).toEqual({});
});

it("sends tags whole and own fields one by one", () => {
  const to = { ...base, tags: ["vip", "été"], fields: { score: 3 } };
  expect(patchOf(base, to)).toEqual({
    tags: ["vip", "été"],
    fields: { contract: null, score: 3 },
  });
  const theirs = { ...base, fields: { contract: "monthly" } };
  expect(compare(base, to, theirs).clashes.map(({ field }) => field)).toEqual(["fields.contract"]);
  expect(merged(base, to, theirs, new Set(["fields.contract"] as const)).fields).toEqual({
    contract: "monthly",
    score: 3,
  });
});

it("asks only where both changed the same field, each otherwise", () => {
  const mine = { ...base, segment: "ETI", owner: "Marc", country: "BE" };
  const theirs = { ...base, segment: "Grand compte", country: "BE", plan: "Pro" };
  const { clashes, taken } = compare(base, mine, theirs);
  expect(clashes).toEqual([
    { field: "segment", before: "PME", mine: "ETI", theirs: "Grand compte" },
  ]);
  expect(taken).toEqual([{ field: "plan", before: null, theirs: "Pro" }]);
});

it("loses nothing of either", () => {
  const mine = { ...base, segment: "ETI", owner: "Marc" };
  const theirs = { ...base, segment: "Grand compte", plan: "Pro" };
  expect(merged(base, mine, theirs, new Set())).toEqual({
    ...base,
    segment: "ETI",
    owner: "Marc",
    plan: "Pro",
  });
  const kept = merged(base, mine, theirs, new Set(["segment"] as const));
  expect(kept).toEqual({ ...base, segment: "Grand compte", owner: "Marc", plan: "Pro" });
  expect(patchOf(theirs, kept)).toEqual({ owner: "Marc" });
});

it("sends a parent by its id alone, whatever it is called", () => {
  const under = { ...base, parentId: "g", parentName: "Group" };
  expect(patchOf(base, under)).toEqual({ parentId: "g" });
  // Taken back by who undoes it.
  expect(patchOf(under, base)).toEqual({ parentId: null });
  expect(patchOf(under, { ...under, parentName: "Holding" })).toEqual({});
});

it("asks which parent where each put it under another", () => {
  const mine = { ...base, parentId: "g", parentName: "Group" };
  const theirs = { ...base, parentId: "h", parentName: "Holding" };
  const clash = { field: "parentId", before: null, mine: "g", theirs: "h" };
  expect(compare(base, mine, theirs)).toEqual({ clashes: [clash], taken: [] });
  expect(patchOf(theirs, merged(base, mine, theirs, new Set()))).toEqual({ parentId: "g" });
  const kept = merged(base, mine, theirs, new Set(["parentId"] as const));
  expect(patchOf(theirs, kept)).toEqual({});
});

import { describe, expect, it } from "vitest";
import {
  append,
  at,
  complete,
  conditions,
  type Group,
  isComplete,
  join,
  negate,
  replace,
  sameTree,
  type Tree,
  tidy,
} from "./expression";

const mrr: Tree = { fact: "mrr", op: "gte", value: 1000 };
const big: Tree = { fact: "segment", op: "eq", value: "Enterprise" };
const lea: Tree = { fact: "owner", op: "in", value: ["Léa", "Marc"] };
const vip: Tree = { fact: "tags", op: "has", value: "vip" };
const tree: Group = { all: [mrr, { any: [big, lea] }, { not: vip }] };

describe("a tree", () => {
  it("is walked by positions, through negations too", () => {
    expect(at(tree, [])).toBe(tree);
    expect(at(tree, [1, 1])).toBe(lea);
    expect(at(tree, [2, 0])).toBe(vip);
    expect(at(tree, [2, 1])).toBeUndefined();
    expect(at(tree, [0, 0])).toBeUndefined();
    expect(at(tree, [7])).toBeUndefined();
  });

  it("is changed in one place, the rest untouched", () => {
    expect(replace(tree, [1, 0], vip)).toEqual({ all: [mrr, { any: [vip, lea] }, { not: vip }] });
    expect(replace(tree, [1, 0], undefined)).toEqual({ all: [mrr, { any: [lea] }, { not: vip }] });
    expect(replace(tree, [0], undefined)).toEqual({ all: [{ any: [big, lea] }, { not: vip }] });
    expect(replace(tree, [2, 0], mrr)).toEqual({ all: [mrr, { any: [big, lea] }, { not: mrr }] });
    expect(replace(tree, [], undefined)).toEqual({ all: [] });
    expect(tree.all[1]).toEqual({ any: [big, lea] });
  });

  it("grows at the end of a group, and only of a group", () => {
    expect(append(tree, [1], vip)).toEqual({ all: [mrr, { any: [big, lea, vip] }, { not: vip }] });
    expect(append(tree, [0], vip)).toBe(tree);
  });

  it("turns between all and any, and into its negation and back", () => {
    expect(join(tree, [], "any")).toEqual({ any: tree.all });
    expect(join(tree, [0], "any")).toBe(tree);
    expect(negate(tree, [2])).toEqual({ all: [mrr, { any: [big, lea] }, vip] });
    expect(negate(negate(tree, [1]), [1])).toEqual(tree);
  });

  it("counts its conditions", () => {
    expect(conditions(tree)).toBe(4);
    expect(conditions({ all: [] })).toBe(0);
  });

  it("loses empty groups and groups of one", () => {
    expect(tidy({ all: [{ any: [] }, { any: [mrr] }, { not: { all: [] } }] })).toEqual({
      all: [mrr],
    });
    expect(tidy({ any: [{ all: [mrr, big] }] })).toEqual({ all: [mrr, big] });
    expect(tidy({ all: [] })).toEqual({ all: [] });
    expect(sameTree({ all: [{ all: [mrr] }] }, mrr)).toBe(true);
    expect(sameTree({ all: [mrr, big] }, { any: [mrr, big] })).toBe(false);
  });
});

describe("a condition", () => {
  it.each([
    [{ fact: "a", op: "eq", value: "x" }, true],
    [{ fact: "a", op: "eq", value: "" }, false],
    [{ fact: "a", op: "eq" }, false],
    [{ fact: "a", op: "eq", value: false }, true],
    [{ fact: "a", op: "gt", value: 0 }, true],
    [{ fact: "a", op: "gt", value: Number.NaN }, false],
    [{ fact: "a", op: "in", value: [] }, false],
    [{ fact: "a", op: "in", value: ["x"] }, true],
    [{ fact: "a", op: "before", value: { day: "" } }, false],
    [{ fact: "a", op: "before", value: { daysAgo: 0 } }, true],
    [{ fact: "a", op: "before", value: { inDays: Number.NaN } }, false],
    [{ fact: "a", op: "isEmpty" }, true],
  ] as const)("%o is complete: %s", (condition, is) => {
    expect(isComplete(condition)).toBe(is);
  });

  it("that is still being written is left out", () => {
    expect(tidy(complete({ all: [mrr, { not: { fact: "a", op: "eq" } }] }))).toEqual({
      all: [mrr],
    });
  });
});

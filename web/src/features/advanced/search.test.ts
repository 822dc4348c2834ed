import { describe, expect, it } from "vitest";
import type { SavedView } from "./api";
import { advancedSearch, both, filters, shown, tabOf } from "./search";

const view: SavedView = {
  id: "v",
  name: "Renewals",
  shared: false,
  mine: true,
  where: "mrr > 1000",
  tree: { all: [{ fact: "mrr", op: "gt", value: 1000 }] },
  sort: "-mrr",
  columns: [{ key: "name" }, { key: "mrr", width: 120 }],
  layout: "cards",
  count: 14,
  position: 0,
};

describe("the address", () => {
  it("is read without trust", () => {
    expect(
      advancedSearch({ tab: "nowhere", sort: "a b", columns: "<x>", layout: "pie", q: " acme " }),
    ).toEqual({ q: "acme" });
    expect(advancedSearch({ where: " ", view: undefined })).toEqual({});
  });
  it("can say that the filters of a view are taken away", () => {
    expect(advancedSearch({ where: "", view: "v" })).toEqual({ where: "", view: "v" });
  });
});

describe("a view", () => {
  it("fills what the address leaves out", () => {
    expect(shown({ view: "v" }, view)).toEqual({
      where: "mrr > 1000",
      sort: "-mrr",
      columns: view.columns,
      layout: "cards",
      changed: false,
    });
    expect(filters({ view: "v", q: "x" }, "all")).toEqual({ view: "v", tab: "all", q: "x" });
  });
  it.each([
    { where: "" },
    { where: "mrr > 2000" },
    { sort: "mrr" },
    { columns: "name,mrr" },
    { layout: "table" as const },
  ])("is changed by %o", (patch) => {
    expect(shown({ view: "v", ...patch }, view).changed).toBe(true);
  });
  it("is not changed by saying the same, or by what it does not keep", () => {
    const same = { where: "mrr > 1000", sort: "-mrr", columns: "name,mrr:120", q: "x" };
    expect(shown({ view: "v", ...same, tab: "risk" }, view).changed).toBe(false);
  });
  it("with other filters is asked for as those filters", () => {
    expect(filters({ view: "v", where: "mrr > 2000" }, "all")).toEqual({
      where: "mrr > 2000",
      tab: "all",
    });
    expect(filters({ view: "v", where: "" }, "all")).toEqual({ tab: "all" });
  });
});

it("opens on those who pay, or on all where nobody does", () => {
  expect(tabOf({}, undefined)).toBe("active");
  expect(tabOf({}, { active: 3, all: 5 })).toBe("active");
  expect(tabOf({}, { active: 0, all: 5 })).toBe("all");
  expect(tabOf({}, { active: 0, all: 0 })).toBe("active");
  expect(tabOf({ tab: "risk" }, { active: 0, all: 5 })).toBe("risk");
});

it("joins two expressions so that both hold", () => {
  expect(both("", "mrr > 0")).toBe("mrr > 0");
  expect(both("seats > 2", "mrr > 0")).toBe("seats > 2 and mrr > 0");
  expect(both("seats > 2 or nps = 9", "mrr > 0")).toBe("(seats > 2 or nps = 9) and mrr > 0");
});

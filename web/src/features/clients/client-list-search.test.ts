import { describe, expect, it } from "vitest";
import {
  chipFields,
  clientListSearch,
  listParams,
  NO_FILTERS,
  TABS,
  tabOf,
  tabSearch,
} from "./client-list-search";

describe("the URL", () => {
  it("keeps what is understood", () => {
    expect(
      clientListSearch({
        status: "churned",
        health: "critical,watch",
        risk: "true",
        segment: " PME ",
        owner: "Camille Roux",
        q: "verd",
        sort: "-mrr",
      }),
    ).toEqual({
      status: "churned",
      // Always in the order of the classes: the same filter has one address.
      health: "watch,critical",
      risk: true,
      segment: "PME",
      owner: "Camille Roux",
      q: "verd",
      sort: "-mrr",
    });
  });
  it("leaves out what is not, and what is the default", () => {
    expect(
      clientListSearch({ status: "gone", health: "red", risk: "0", q: "  ", sort: "health" }),
    ).toEqual({ ...NO_FILTERS, sort: undefined });
    expect(clientListSearch({ sort: "change30d" }).sort).toBeUndefined();
  });
});

describe("the request", () => {
  it("asks for active clients, worst health first", () => {
    expect(listParams({}, "active")).toMatchObject({ status: "active", sort: "health" });
  });
  it("leaves the status to the server for all but the archived", () => {
    expect(listParams({}, "current").status).toBeUndefined();
    expect(listParams({ status: "current" }, "active").status).toBeUndefined();
    expect(listParams({ status: "archived" }, "active").status).toBe("archived");
  });
});

describe("tabs and chips", () => {
  it("finds the tab that its own filters make", () => {
    for (const tab of TABS) expect(tabOf(tabSearch(tab))).toBe(tab);
    expect(tabOf({ health: "good,watch" })).toBeUndefined();
    expect(tabOf({ risk: true, health: "critical" })).toBeUndefined();
  });
  it("does not repeat in a chip what a tab says", () => {
    expect(chipFields({ risk: true })).toEqual([]);
    expect(chipFields({ health: "critical" })).toEqual([]);
    expect(chipFields({ risk: true, health: "critical", segment: "PME" })).toEqual([
      "health",
      "risk",
      "segment",
    ]);
    // Where there are no tabs, chips say it all.
    expect(chipFields({ risk: true }, false)).toEqual(["risk"]);
    expect(chipFields({ health: "critical" }, false)).toEqual(["health"]);
    expect(chipFields({ status: "trial", owner: "Inès" })).toEqual(["status", "owner"]);
  });
});

import { describe, expect, it } from "vitest";
import {
  move,
  readColumns,
  resize,
  sameColumns,
  shownColumns,
  toggle,
  writeColumns,
} from "./columns";

const facts = ["name", "mrr", "owner", "health", "field.contract"].map((key) => ({
  key,
  column: true,
}));

describe("columns in the address", () => {
  it("are read and written alike", () => {
    const text = "name:300,mrr,owner:180,field.contract";
    expect(writeColumns(readColumns(text) ?? [])).toBe(text);
  });
  it("leave out what is not understood", () => {
    expect(readColumns("mrr,mrr,<b>,owner:9,health:wide,:30")).toEqual([
      { key: "mrr" },
      { key: "owner" },
      { key: "health" },
    ]);
    expect(readColumns("")).toBeUndefined();
    expect(readColumns(",,")).toBeUndefined();
  });
});

describe("columns shown", () => {
  it("begin with the client and hold only what there is", () => {
    expect(shownColumns([{ key: "gone" }, { key: "mrr" }], facts)).toEqual([
      { key: "name" },
      { key: "mrr" },
    ]);
    expect(shownColumns([{ key: "mrr" }, { key: "name", width: 300 }], facts)[0]).toEqual({
      key: "name",
      width: 300,
    });
    expect(shownColumns(undefined, facts).map(({ key }) => key)).toEqual([
      "name",
      "health",
      "mrr",
      "owner",
    ]);
  });
  it("move anywhere but before the client", () => {
    const list = ["name", "mrr", "owner", "health"].map((key) => ({ key }));
    const keys = (key: string, to: number) => move(list, key, to).map((column) => column.key);
    expect(keys("health", 1)).toEqual(["name", "health", "mrr", "owner"]);
    expect(keys("mrr", 0)).toEqual(["name", "mrr", "owner", "health"]);
    expect(keys("mrr", 9)).toEqual(["name", "owner", "health", "mrr"]);
    expect(keys("name", 2)).toEqual(["name", "mrr", "owner", "health"]);
    expect(keys("unknown", 2)).toEqual(["name", "mrr", "owner", "health"]);
  });
  it("come and go, widen, and compare", () => {
    const list = [{ key: "name" }, { key: "mrr" }];
    expect(toggle(list, "mrr")).toEqual([{ key: "name" }]);
    expect(toggle(list, "owner")).toEqual([...list, { key: "owner" }]);
    expect(toggle(list, "name")).toEqual(list);
    expect(resize(list, "mrr", 200)).toEqual([{ key: "name" }, { key: "mrr", width: 200 }]);
    expect(sameColumns(list, [...list])).toBe(true);
    expect(sameColumns(list, resize(list, "mrr", 200))).toBe(false);
  });
});

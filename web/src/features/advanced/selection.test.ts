import { describe, expect, it } from "vitest";
import { selectionBody } from "./api-bulk";
import { choose, EVERYBODY, has, NOBODY, type Selection, size, stateOf, touch } from "./selection";

const rows = ["a", "b", "c", "d", "e"].map((id) => ({ id }));
const chosen = (selection: Selection) =>
  rows.filter(({ id }) => has(selection, id)).map(({ id }) => id);

describe("a selection", () => {
  it("takes a row and gives it back", () => {
    const one = touch(NOBODY, rows, 1, undefined, false);
    expect(chosen(one)).toEqual(["b"]);
    expect(chosen(touch(one, rows, 1, 1, false))).toEqual([]);
  });
  it("extends from the row before, in both directions, to what that row is", () => {
    const one = touch(NOBODY, rows, 3, undefined, false);
    expect(chosen(touch(one, rows, 1, 3, true))).toEqual(["b", "c", "d"]);
    const without = touch(EVERYBODY, rows, 1, undefined, false);
    expect(chosen(touch(without, rows, 3, 1, true))).toEqual(["a", "e"]);
  });
  it("of all leaves some out", () => {
    const most = choose(EVERYBODY, ["b", "c"], false);
    expect(chosen(most)).toEqual(["a", "d", "e"]);
    expect(size(most, 8_412)).toBe(8_410);
    expect(size(EVERYBODY, 8_412)).toBe(8_412);
  });
  it("tells the box above", () => {
    expect(stateOf(NOBODY, rows)).toBe(false);
    expect(stateOf(choose(NOBODY, ["a"], true), rows)).toBe("indeterminate");
    expect(stateOf(choose(NOBODY, ["a", "b", "c", "d", "e"], true), rows)).toBe(true);
    expect(stateOf(EVERYBODY, rows)).toBe(true);
    expect(stateOf(choose(EVERYBODY, ["a"], false), rows)).toBe("indeterminate");
  });
  it("ignores rows that are not there", () => {
    expect(touch(NOBODY, rows, 9, undefined, false)).toBe(NOBODY);
    expect(chosen(touch(NOBODY, rows, 2, 40, true))).toEqual(["c"]);
  });
  it("goes to the server as ids, or as what the filters mean", () => {
    expect(selectionBody(choose(NOBODY, ["a"], true), { where: "mrr > 1" })).toEqual({
      ids: ["a"],
    });
    const params = { where: "mrr > 1", tab: "risk", q: undefined, view: undefined };
    expect(selectionBody(choose(EVERYBODY, ["b"], false), params)).toEqual({
      where: "mrr > 1",
      tab: "risk",
      except: ["b"],
    });
  });
});

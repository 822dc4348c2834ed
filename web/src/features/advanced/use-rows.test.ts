import { describe, expect, it } from "vitest";
import type { ClientPage } from "./api";
import { follow, gather } from "./use-rows";

const page = (ids: string, nextCursor: string | null): ClientPage => ({
  items: [...ids].map((id) => ({
    id,
    name: id,
    status: "active",
    mrrCents: 0,
    healthClass: "good",
  })),
  nextCursor,
  total: 9,
  sumMrrCents: 0,
});

describe("pages that follow one another", () => {
  it("stay as they are while each tells where the next begins", () => {
    const cursors = [null, "b", "d"];
    expect(follow(cursors, [page("ab", "b"), page("cd", "d"), page("ef", "f")])).toBe(cursors);
    expect(follow(cursors, [page("ab", "b"), undefined, undefined])).toBe(cursors);
  });
  it("move their beginning when the page before ends elsewhere", () => {
    expect(follow([null, "b", "d"], [page("ax", "x"), page("cd", "d"), page("ef", null)])).toEqual([
      null,
      "x",
      "d",
    ]);
  });
  it("end where the list has become shorter", () => {
    expect(follow([null, "b", "d"], [page("a", null), page("cd", "d"), undefined])).toEqual([null]);
  });
});

it("shows a row once, where it was met first", () => {
  expect(gather([page("ab", "b"), undefined, page("bc", null)]).map(({ id }) => id)).toEqual([
    "a",
    "b",
    "c",
  ]);
});

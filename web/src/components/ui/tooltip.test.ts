import { beforeEach, expect, it } from "vitest";
import { place } from "./tooltip";

beforeEach(() => {
  window.innerWidth = 1000;
  window.innerHeight = 600;
});

const at = (left: number, top: number) => new DOMRect(left, top, 32, 32);
const own = new DOMRect(0, 0, 100, 24);

it("stands on its side, in the middle", () => {
  expect(place(at(400, 300), own, "top")).toEqual({ left: 366, top: 270 });
  expect(place(at(400, 300), own, "right")).toEqual({ left: 438, top: 304 });
});

it("goes to the other side where there is no room, and never past an edge", () => {
  expect(place(at(400, 10), own, "top")).toEqual({ left: 366, top: 48 });
  expect(place(at(960, 10), own, "top")).toEqual({ left: 892, top: 48 });
  expect(place(at(960, 300), own, "right")).toEqual({ left: 854, top: 304 });
});

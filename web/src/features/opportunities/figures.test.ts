import { expect, it } from "vitest";
import { cents, euros } from "./figures";

it("reads amounts as people type them", () => {
  for (const [text, read] of [
    ["75", 7500],
    ["75,50", 7550],
    ["75.5", 7550],
    ["1 234,05", 123405],
    ["0", 0],
    ["", null],
    ["-1", null],
    ["abc", null],
    ["1.005", null],
    ["99999999999999999", null],
  ] as const) {
    expect(cents(text, 100), text).toBe(read);
  }
  expect(cents("500", 1)).toBe(500);
  expect(cents("1.5", 1)).toBeNull();
});

it("writes what it reads", () => {
  for (const amount of [0, 7500, 7550, 123405, 1]) {
    expect(cents(euros(amount, 100, "fr"), 100)).toBe(amount);
    expect(cents(euros(amount, 100, "en"), 100)).toBe(amount);
  }
});

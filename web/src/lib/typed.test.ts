import { expect, it } from "vitest";
import { makeFormat } from "./format";
import { cents, euros, parseNumber } from "./typed";

it.each([
  // typed, read in French, read in English
  ["12 500,5", 12500.5, 12500.5],
  ["12\u202f500.5", 12500.5, 12500.5],
  ["12,500", 12.5, 12500],
  ["1,234,567.25", null, 1234567.25],
  ["450,50", 450.5, 450.5],
  ["0,125", 0.125, 0.125],
  ["−3", -3, -3],
  ["-12,000", -12, -12000],
  ["1,", null, null],
  ["1,2,3", null, null],
  ["1e3", null, null],
  ["", null, null],
  ["douze", null, null],
])("reads %j as its reader means it", (text, fr, en) => {
  expect(parseNumber(text, "fr")).toBe(fr);
  expect(parseNumber(text, "en")).toBe(en);
});

it("reads numbers as the page writes them", () => {
  for (const locale of ["fr", "en"] as const) {
    const format = makeFormat({ locale, currency: "EUR", timeZone: "UTC" });
    for (const number of [0, 12, -3.25, 12500, 1234567.5]) {
      expect(parseNumber(format.number(number, { digits: 2 }), locale)).toBe(number);
    }
  }
});

it.each([
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
])("reads %j as an amount", (text, read) => {
  expect(cents(text, 100)).toBe(read);
});

it("keeps to the decimals of the currency", () => {
  expect(cents("500", 1)).toBe(500);
  expect(cents("1.5", 1)).toBeNull();
  expect(cents("12,500", 100, "en")).toBe(1_250_000);
});

it("writes the amounts that it reads", () => {
  for (const amount of [0, 7500, 7550, 123405, 1]) {
    for (const locale of ["fr", "en"] as const) {
      expect(cents(euros(amount, 100, locale), 100, locale)).toBe(amount);
    }
  }
});

import { expect, it } from "vitest";
import { checkRates, parseRate, type RateRow, toRates } from "./rates";

const row = (currency: string, from: string, rate: string): RateRow => ({
  key: 0,
  currency,
  from,
  rate,
});
const codes = (...rows: RateRow[]) =>
  Object.fromEntries(
    Object.entries(checkRates(rows, "EUR")).map(([field, why]) => [field, why?.code]),
  );

it("reads a rate as people type it", () => {
  expect(parseRate("0,92")).toBe(0.92);
  expect(parseRate(" 1 234.5 ")).toBe(1234.5);
  for (const text of ["", "-1", "1e3", "abc", "1,2,3"]) expect(parseRate(text), text).toBeNull();
});

it("names the field of the row that is wrong", () => {
  expect(codes(row("usd", "2026-01-01", "0,92"))).toEqual({});
  expect(codes(row("", "", ""))).toEqual({
    "rates[0].currency": "field_required",
    "rates[0].from": "field_required",
    "rates[0].rate": "field_required",
  });
  expect(codes(row("EUR", "2026-13-01", "0"))).toEqual({
    "rates[0].currency": "rate_same_currency",
    "rates[0].from": "growth_day_invalid",
    "rates[0].rate": "growth_rate_invalid",
  });
  const twice = codes(row("USD", "2026-01-01", "1"), row("usd", "2026-01-01", "2"));
  expect(twice).toEqual({ "rates[1].from": "rate_twice" });
});

it("sends codes in capitals and numbers", () => {
  expect(toRates([row(" usd ", "2026-01-01", "0,92")])).toEqual([
    { currency: "USD", from: "2026-01-01", rate: 0.92 },
  ]);
});

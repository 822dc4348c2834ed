import { expect, it } from "vitest";
import { toCsv } from "@/lib/download";
import { makeFormat } from "@/lib/format";
import { parseNumber } from "@/lib/typed";
import { METRICS } from "./api";
import { heat } from "./cohort-words";
import { forecast, objective } from "./fixtures.test-data";
import { closesToday, forecastPoints, partPoints } from "./forecast-points";
import { checkTarget, defaultDue } from "./objective-editor";
import { endOfMonth, growthSearch, isSliced } from "./periods";
import { forecastTarget, fromTyped, targetOn, toTyped, unitOf, valueText } from "./values";

const format = makeFormat({ locale: "fr", currency: "EUR", timeZone: "Europe/Paris" });

it("goes from what is typed to what is stored, and back", () => {
  for (const [unit, typed, stored] of [
    ["cents", "12 500,5", 1_250_050],
    ["ratio", "104,5", 1.045],
    ["number", "40", 40],
    ["score", "72,5", 72.5],
    ["times", "3,5", 3.5],
    ["months", "7,25", 7.25],
    ["nps", "−12,5", -12.5],
    ["ces", "5,4", 5.4],
  ] as const) {
    const value = fromTyped(unit, parseNumber(typed) ?? Number.NaN, 100);
    expect(value).toBeCloseTo(stored, 9);
    expect(parseNumber(toTyped(format, unit, value))).toBeCloseTo(parseNumber(typed) ?? 0, 9);
  }
  for (const metric of METRICS) expect(valueText(format, unitOf(metric), 0.5)).not.toBe("");
});
it("knows the scales of surveys", () => {
  expect((["nps", "csat", "ces"] as const).map(unitOf)).toEqual(["nps", "ratio", "ces"]);
  for (const [metric, good, beyond] of [
    ["nps", -100, 101],
    ["csat", 100, -1],
    ["ces", 7, 0.5],
    ["nrr", 120, 1001],
  ] as const) {
    expect(checkTarget(metric, good)).toBeUndefined();
    expect(checkTarget(metric, beyond)).toMatchObject({ code: "field_range" });
  }
});
it("draws the target inside its period only", () => {
  expect(targetOn(objective, "2026-08-31")).toBeNull();
  expect(targetOn(objective, "2026-09-01")).toBe(18_000_000);
  expect(targetOn(objective, "2027-05-31")).toBe(20_500_000);
  expect(targetOn(objective, "2027-06-01")).toBeNull();
});
it("holds the forecast against the open objective that is due last", () => {
  const soon = { ...objective, id: "soon", dueDate: "2026-12-31" };
  const done = { ...objective, id: "done", dueDate: "2027-12-31", state: "reached" as const };
  expect(forecastTarget([soon, done, objective], "2026-11-23")?.id).toBe("o");
  expect(forecastTarget([done], "2026-11-23")).toBeUndefined();
});
it("joins what was to what may come", () => {
  const points = forecastPoints(format, forecast, 6, objective);
  expect(points.map((point) => point.key)).toEqual([
    "2026-08-31",
    "2026-09-30",
    "2026-10-31",
    "2026-11-23",
    "2026-11-30",
    "2026-12-31",
    "2027-01-31",
    "2027-02-28",
    "2027-03-31",
    "2027-04-30",
  ]);
  const today = points[3];
  expect(today?.values.realised).toBe(today?.values.forecast);
  expect(today?.bands?.b80).toEqual([18_642_000, 18_642_000]);
  const last = points.at(-1);
  expect(last?.values.realised).toBeUndefined();
  expect(last?.bands?.b80?.[0]).toBeLessThan(last?.bands?.b50?.[0] ?? 0);
  // On a month's last day today is the close.
  const closed = { ...forecast, asOf: "2026-10-31" };
  expect(closesToday(closed)).toBe(true);
  expect(forecastPoints(format, closed, 6).filter((p) => p.key === "2026-10-31")).toHaveLength(1);
});
it("shows parts on the same days", () => {
  const part = {
    key: "PME",
    name: "PME",
    nowCents: 9,
    history: forecast.history,
    base: forecast.base.map(({ month, p50 }) => ({ month, p50 })),
  };
  const points = partPoints(format, { ...forecast, parts: [part] }, 2);
  expect(points.map((point) => point.key)).toEqual(
    forecastPoints(format, forecast, 2).map((point) => point.key),
  );
  expect(points[3]?.values.PME).toBe(9);
});
it("knows its calendar", () => {
  expect(endOfMonth("2024-02")).toBe("2024-02-29");
  expect(defaultDue("2026-11-23")).toBe("2026-12-31");
  expect(defaultDue("2026-12-28")).toBe("2027-03-31");
});
it("reads a slice off the URL", () => {
  const search = growthSearch({ segment: "PME", product: " ", split: "owner", objective: "new" });
  expect(search.segment).toBe("PME");
  expect([search.product, search.split, search.objective]).toEqual([undefined, undefined, "new"]);
  expect(isSliced(search)).toBe(true);
  expect(isSliced(growthSearch({ view: "0190-view" }))).toBe(true);
  expect(isSliced({})).toBe(false);
});
it("tints by what is left, never beyond a third", () => {
  expect(heat(0)).toContain(" 0%");
  expect(heat(250)).toContain(" 32%");
  expect(heat(null)).toContain(" 0%");
});
it("defuses names that a spreadsheet would run", () => {
  expect(toCsv(["=cmd()"], [["+1", -3, "@x"]], "en")).toBe("\ufeff'=cmd()\r\n'+1,-3,'@x\r\n");
});

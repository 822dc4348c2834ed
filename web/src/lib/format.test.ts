import { describe, expect, it } from "vitest";
import { addBusinessDays, addDays, daysBetween, makeFormat } from "./format";

const now = () => new Date("2026-11-23T10:42:00Z");
const fr = makeFormat({ locale: "fr", currency: "EUR", timeZone: "Europe/Paris", now });
const en = makeFormat({ locale: "en", currency: "EUR", timeZone: "Europe/Paris", now });
/** Expected texts are typed with plain spaces; the output has no-break ones. */
const plain = (text: string) => text.replace(/\u00a0/g, " ");

describe("money", () => {
  it("writes full amounts", () => {
    expect(plain(fr.money(18_642_000))).toBe("186 420 €");
    expect(en.money(18_642_000)).toBe("€186,420");
    expect(plain(fr.money(-116_000))).toBe("−1 160 €");
    expect(en.money(-116_000)).toBe("−€1,160");
    expect(plain(fr.money(520_000, { signed: true }))).toBe("+5 200 €");
    expect(plain(fr.money(0, { signed: true }))).toBe("0 €");
    expect(plain(fr.money(-20))).toBe("0 €");
    expect(plain(fr.money(1_250, { exact: true }))).toBe("12,50 €");
    expect(plain(fr.money(1_250, { currency: "JPY" }))).toMatch(/^1 250 /);
  });
  it("gives an axis one unit and bare ticks", () => {
    const axis = fr.moneyScale(20_790_000);
    expect([axis.unit, axis.write(18_050_000), axis.write(-400_000)]).toEqual([
      "k€",
      "180,5",
      "−4",
    ]);
    expect(en.moneyScale(90_000).unit).toBe("€");
    expect(en.moneyScale(-2_000_000_000).unit).toBe("€m");
    expect(fr.minorUnits()).toBe(100);
  });
  it("writes compact amounts", () => {
    expect(plain(fr.moneyCompact(20_790_000))).toBe("207,9 k€");
    expect(en.moneyCompact(20_790_000)).toBe("€207.9k");
    expect(plain(fr.moneyCompact(123_456_789))).toBe("1,2 M€");
    expect(en.moneyCompact(123_456_789)).toBe("€1.2m");
    expect(plain(fr.moneyCompact(64_000))).toBe("640 €");
    expect(en.moneyCompact(64_000)).toBe("€640");
    expect(plain(fr.moneyCompact(99_999_900))).toBe("1 M€");
    expect(plain(fr.moneyCompact(-345_000, { signed: true }))).toBe("−3,5 k€");
    expect(plain(fr.moneyCompact(345_000, { signed: true }))).toBe("+3,5 k€");
    expect(plain(fr.moneyCompact(20_790_000, { currency: "CHF" }))).toBe("207,9 k CHF");
    expect(plain(en.moneyCompact(20_790_000, { currency: "CHF" }))).toBe("CHF 207.9k");
  });
  it("parts the unit from a large figure", () => {
    expect(fr.moneyParts(18_642_000)).toEqual({ value: "186\u00a0420", unit: "€" });
    expect(en.moneyParts(18_642_000)).toEqual({ value: "€186,420" });
    expect(fr.moneyParts(null)).toEqual({ value: "—" });
  });
  it("never lets the narrow space through", () => {
    expect(fr.money(18_642_000)).not.toContain("\u202f");
    expect(fr.percent(0.085)).not.toContain("\u202f");
    expect(fr.number(1_234_567)).toBe("1\u00a0234\u00a0567");
  });
});

describe("rates and points", () => {
  it("writes percentages", () => {
    expect(plain(fr.percent(0.085))).toBe("8,5 %");
    expect(en.percent(0.085)).toBe("8.5%");
    expect(plain(fr.percentValue(2.4, { signed: true }))).toBe("+2,4 %");
    expect(plain(fr.percentValue(-6.2))).toBe("−6,2 %");
    expect(plain(fr.percentValue(0, { digits: 1, fixed: true }))).toBe("0,0 %");
  });
  it("writes changes in points", () => {
    expect(plain(fr.points(1.8))).toBe("+1,8 pt");
    expect(plain(fr.points(-10))).toBe("−10 pts");
    expect(plain(en.points(1.8))).toBe("+1.8 pts");
    expect(plain(en.points(1))).toBe("+1 pt");
  });
  it("writes a dash for what does not exist", () => {
    for (const format of [fr, en]) {
      for (const text of [
        format.money(null),
        format.moneyCompact(undefined),
        format.percent(null),
        format.percentValue(Number.NaN),
        format.points(null),
        format.number(Number.POSITIVE_INFINITY),
        format.date(null),
        format.date("nonsense"),
        format.relative(null),
        format.daysLeft(null),
        format.dateTime(undefined),
      ]) {
        expect(text).toBe("—");
      }
    }
  });
});

describe("dates", () => {
  it("keeps a day whatever the time zone", () => {
    const honolulu = makeFormat({ locale: "fr", currency: "EUR", timeZone: "Pacific/Honolulu" });
    expect(honolulu.date("2026-11-23")).toBe("23 nov. 2026");
  });
  it("reads instants in the workspace's time zone", () => {
    expect(fr.date("2026-11-22T23:30:00Z")).toBe("23 nov. 2026");
    expect(fr.time("2026-11-23T10:42:00Z")).toBe("11:42");
    expect(en.dateTime("2026-11-23T10:42:00Z")).toBe("23 Nov 2026, 11:42");
  });
  it("finds the instant of a wall clock in the workspace's time zone", () => {
    for (const [zone, day, time, instant] of [
      ["Europe/Paris", "2026-11-23", "11:42", "2026-11-23T10:42:00.000Z"],
      ["Europe/Paris", "2026-07-01", "00:15", "2026-06-30T22:15:00.000Z"],
      ["Europe/Paris", "2026-03-29", "01:30", "2026-03-29T00:30:00.000Z"],
      // Skipped on that night, and shown twice on the other.
      ["Europe/Paris", "2026-03-29", "02:30", "2026-03-29T01:30:00.000Z"],
      ["Europe/Paris", "2026-10-25", "02:30", "2026-10-25T01:30:00.000Z"],
      ["America/New_York", "2026-03-08", "01:30", "2026-03-08T06:30:00.000Z"],
      ["America/New_York", "2026-03-08", "03:30", "2026-03-08T07:30:00.000Z"],
      ["Asia/Kathmandu", "2026-11-23", "05:45", "2026-11-23T00:00:00.000Z"],
      ["Pacific/Auckland", "2026-01-01", "00:00", "2025-12-31T11:00:00.000Z"],
    ] as const) {
      const there = makeFormat({ locale: "fr", currency: "EUR", timeZone: zone });
      expect(there.instantOf(day, time)?.toISOString(), `${zone} ${day} ${time}`).toBe(instant);
    }
    expect(fr.instantOf("", "11:42")).toBeNull();
    expect(fr.instantOf("2026-11-23", "")).toBeNull();
    expect(fr.instantOf("0026-11-23", "11:42")).toBeNull();
  });
  it("writes the usual forms", () => {
    expect(fr.dateLong("2026-11-23")).toBe("lundi 23 novembre 2026");
    expect(en.dateLong("2026-11-23")).toBe("Monday 23 November 2026");
    expect(fr.month("2026-11-23")).toBe("novembre 2026");
    expect(fr.monthShort("2026-11-23")).toBe("nov.");
    expect(en.date("2026-09-01")).toBe("1 Sep 2026");
    // The first of a month is an ordinal in French, and only the first.
    expect(fr.date("2026-12-01")).toBe("1er déc. 2026");
    expect(fr.dayMonth("2026-12-01")).toBe("1er déc.");
    expect(fr.dateLong("2026-12-01")).toBe("mardi 1er décembre 2026");
    expect(fr.date("2026-12-11")).toBe("11 déc. 2026");
    expect(fr.date("2026-12-21")).toBe("21 déc. 2026");
    expect(fr.today()).toBe("2026-11-23");
  });
  it("is relative under seven days", () => {
    expect(plain(fr.relative("2026-11-23T10:41:56Z"))).toBe("il y a 4 s");
    expect(plain(fr.relative("2026-11-23T10:41:59.400Z"))).toBe("à l’instant");
    expect(plain(fr.relative("2026-11-23T08:42:00Z"))).toBe("il y a 2 h");
    expect(plain(en.relative("2026-11-23T10:41:56Z"))).toBe("4s ago");
    expect(plain(en.relative("2026-11-20T10:00:00Z"))).toBe("3d ago");
    expect(fr.relative("2026-11-11T10:00:00Z")).toBe("11 nov. 2026");
    expect(plain(fr.relative("2026-11-21"))).toBe("il y a 2 j");
    expect(fr.relative("2026-11-23")).toBe("aujourd’hui");
  });
  it("counts the days left", () => {
    expect(fr.daysLeft("2026-12-14")).toBe("J−21");
    expect(plain(en.daysLeft("2026-12-14"))).toBe("21 days left");
    expect(plain(en.daysLeft("2026-11-24"))).toBe("1 day left");
    expect(fr.daysLeft("2026-11-20")).toBe("J+3");
    expect(plain(en.daysLeft("2026-11-20"))).toBe("3 days late");
    expect(fr.daysLeft("2026-11-23")).toBe("J");
  });
  it("counts days across clock changes", () => {
    expect(daysBetween("2026-10-20", "2026-11-01")).toBe(12);
    expect(addDays("2026-02-27", 2)).toBe("2026-03-01");
    // 2026-11-27 is a Friday.
    expect(addBusinessDays("2026-11-27", 1)).toBe("2026-11-30");
    expect(addBusinessDays("2026-11-28", 2)).toBe("2026-12-01");
    expect(addBusinessDays("2026-11-23", 0)).toBe("2026-11-23");
    // 2026-07-14 is a Tuesday and a holiday; the fifth business day after Friday the 10th is Monday the 20th.
    const holidays = new Set(["2026-07-14"]);
    expect(addBusinessDays("2026-07-10", 2, holidays)).toBe("2026-07-15");
    expect(addBusinessDays("2026-07-10", 5, holidays)).toBe("2026-07-20");
  });
});

import { describe, expect, it } from "vitest";
import { makeFormat } from "@/lib/format";
import { activeLines, mrrLines, reconcile, sumWriter } from "./figures";
import { month, summary } from "./fixtures.test-data";

const format = makeFormat({ locale: "fr", currency: "EUR", timeZone: "Europe/Paris" });
const plain = (text: string) => text.replace(/\u00a0/g, " ");

describe("total MRR", () => {
  it("goes from the previous close to the current one, to the cent", () => {
    const sum = mrrLines(summary, month).reduce((all, line) => all + line.cents, 0);
    expect(summary.previousMrrCents + sum).toBe(summary.mrrCents);
  });
  it("gives a count only when both answers speak of the same amount", () => {
    expect(mrrLines(summary, month).map((line) => line.count)).toEqual([6, 11, 1, 4, 2]);
    const older = { ...month, kinds: month.kinds.map((item) => ({ ...item, cents: 1 })) };
    expect(mrrLines(summary, older).every((line) => line.count === null)).toBe(true);
    expect(mrrLines(summary, undefined).every((line) => line.count === null)).toBe(true);
  });
});

describe("active clients", () => {
  it("adds up from the previous close", () => {
    expect(activeLines(summary, month)).toEqual({
      before: 209,
      counts: { new: 6, reactivation: 1, churn: 2 },
    });
  });
  it("shows nothing rather than a sum that is wrong", () => {
    expect(activeLines({ ...summary, activeChange: 4 }, month)).toBeNull();
    expect(activeLines(summary, { ...month, to: "2026-11-22" })).toBeNull();
    expect(activeLines(summary, undefined)).toBeNull();
  });
});

describe("waterfall", () => {
  it("reconciles opening and closing", () => {
    expect(reconcile(month)).toEqual({
      gains: 868_000,
      losses: -431_000,
      net: 437_000,
      count: 24,
      gap: 0,
    });
  });
  it("says what is missing", () => {
    expect(reconcile({ ...month, closingCents: 18_642_050 }).gap).toBe(50);
  });
  it("writes cents as soon as a sum would look wrong without them", () => {
    expect(plain(sumWriter(format, [150, 150])(150))).toBe("1,50 €");
    expect(plain(sumWriter(format, [100, 200])(200, true))).toBe("+2 €");
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { evidenceText, riskText } from "./health-words";

const evidence = {
  usage_vs_baseline: { changePct: -42, last30: 812, baseline30: 1400 },
  usage_trend: { changePct: 12, days: 7 },
  usage_breadth: { events: 3, usual: 5 },
  usage_inactive_days: { days: 1 },
  usage_no_baseline: { days: 12 },
  licence_use: { users: 31, seats: 50, pct: 62 },
  tickets_open: { open: 2, urgent: 1, oldestDays: 12, last28: 6 },
  tickets_reopened: { count: 1 },
  satisfaction_mean: { kind: "nps", mean: 7.2, max: 10, count: 5, days: 180 },
  survey_last: { survey: "csat", score: 4, daysAgo: 0 },
};
const risks = {
  usage_down: { changePct: -42, since: "2026-10-24" },
  usage_stopped: { days: 23 },
  licence_low: { pct: 20, users: 2, seats: 10 },
  tickets_severe: { count: 2, oldestDays: 12 },
  satisfaction_low: { mean: 2.1, max: 5 },
  nps_detractor: { score: 5, day: "2026-11-12" },
};

describe.each(LANGUAGES)("in %s", (language) => {
  const format = formatOf(language);
  beforeAll(() => speak(language));

  it.each(Object.entries(evidence))("says the evidence %s", (key, params) => {
    expect(evidenceText(format, { key, params })).toSatisfy(isSentence);
  });
  it.each(Object.entries(risks))("says the risk %s", (key, params) => {
    expect(riskText(format, { key, params })).toSatisfy(isSentence);
  });
  it("says what is special about none, zero and never", () => {
    for (const [key, params] of [
      ["usage_vs_baseline", { changePct: 0, last30: 10, baseline30: 10 }],
      ["usage_trend", { changePct: 0, days: 7 }],
      ["usage_no_baseline", { days: null }],
      ["tickets_open", { open: 0, urgent: 0, oldestDays: 0, last28: 0 }],
      ["tickets_open", { open: 0, urgent: 0, oldestDays: 0, last28: 1 }],
      ["tickets_open", { open: 1, urgent: 0, oldestDays: 1 }],
      ["tickets_reopened", {}],
      ["satisfaction_mean", { kind: "ticket", mean: 3, max: 5, count: 1, days: 180 }],
    ] as const) {
      expect(evidenceText(format, { key, params }), key).toSatisfy(isSentence);
    }
  });
  it("is silent about evidence it does not know, and careful about risks", () => {
    expect(evidenceText(format, { key: "moon_phase", params: {} })).toBe("");
    expect(riskText(format, { key: "moon_phase", params: {} })).toSatisfy(isSentence);
  });
});

it("writes figures the way the language does", async () => {
  await speak("fr");
  const fact = { key: "usage_vs_baseline", params: evidence.usage_vs_baseline };
  expect(evidenceText(formatOf("fr"), fact)).toBe(
    "−42\u00a0% contre sa moyenne de 90 jours\u00a0: 812 événements en 30 jours, 1\u00a0400 d’habitude",
  );
  const down = { key: "usage_down", params: risks.usage_down };
  expect(riskText(formatOf("fr"), down)).toBe(
    "Usage en baisse de 42\u00a0% contre sa moyenne de 90 jours",
  );
  await speak("en");
  expect(riskText(formatOf("en"), down)).toBe("Usage down 42% against its 90-day mean");
});

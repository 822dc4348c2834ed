import { beforeAll, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { capText, componentName, evidenceText, riskName, riskText } from "./health-words";

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
  exchange_last: { days: 150 },
  exchange_never: { days: 147 },
  exchange_rhythm: { last28: 1, usual28: 3 },
  champion_present: { count: 2 },
  champion_left: { day: "2026-09-24" },
  invoices_late: { count: 2, days: 52, amountCents: 63_800 },
  invoices_fine: { open: 1 },
  invoices_habit: { count: 5, meanDays: 7 },
  roi: { pct: 129, valueCents: 2_140_000, feesCents: 1_656_720 },
  pulse: { value: 4, daysAgo: 12 },
  children_mean: { count: 3, scored: 2, mean: 71.5 },
  journey_stage: { label: { fr: "Adoption", en: "Adoption" }, status: "at_risk", daysLate: 3 },
  journey_milestones: { overdue: 2, critical: 1 },
};
const risks = {
  usage_down: { changePct: -42, since: "2026-10-24" },
  usage_stopped: { days: 23 },
  licence_low: { pct: 20, users: 2, seats: 10 },
  tickets_severe: { count: 2, oldestDays: 12 },
  satisfaction_low: { mean: 2.1, max: 5 },
  nps_detractor: { score: 5, day: "2026-11-12" },
  engagement_silent: { days: 150 },
  champion_left: { day: "2026-09-24" },
  invoice_late: { count: 1, days: 64, amountCents: 120_000 },
  roi_low: { pct: 78, valueCents: 4_840_000, feesCents: 6_192_720 },
  pulse_low: { value: 2, daysAgo: 0 },
  child_low: { name: "Nordaufort", score: 41 },
  journey_late: { label: { fr: "Croissance", en: "Growth" }, daysLate: 12 },
  journey_milestone: { overdue: 2, critical: 1 },
};

const COMPONENTS = [
  "usage",
  "licence",
  "engagement",
  "journey",
  "support",
  "satisfaction",
  "sentiment",
  "payments",
  "outcomes",
  "pulse",
  "children",
];

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
      ["champion_present", { count: 1 }],
      ["exchange_rhythm", { last28: 0, usual28: 2 }],
      ["invoices_fine", { open: 0 }],
      ["invoices_habit", { count: 1, meanDays: 0 }],
      ["pulse", { value: 5, daysAgo: 0 }],
      ["children_mean", { count: 1, scored: 1, mean: 85 }],
    ] as const) {
      expect(evidenceText(format, { key, params }), key).toSatisfy(isSentence);
    }
  });
  it("names every kind of risk and every component", () => {
    for (const key of [...Object.keys(risks), "moon_phase"]) {
      expect(riskName(key), key).toSatisfy(isSentence);
    }
    for (const component of COMPONENTS) {
      expect(componentName(component), component).not.toBe(component);
    }
    expect(componentName("moon")).toBe("moon");
  });
  it("says each cap with its reason", () => {
    for (const key of ["invoice_late", "champion_left", "moon_phase"]) {
      const facts = Object.entries(risks).map(([name, params]) => ({ key: name, params }));
      expect(capText(format, { key, cap: 50 }, facts), key).toSatisfy(isSentence);
    }
  });
  it("says a low subsidiary without its name too", () => {
    const fact = { key: "child_low", params: { name: "", score: 41 } };
    expect(riskText(format, fact)).toSatisfy(isSentence);
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

it("says caps and amounts the way the language does", async () => {
  await speak("fr");
  const late = { key: "invoice_late", params: risks.invoice_late };
  expect(capText(formatOf("fr"), { key: "invoice_late", cap: 50 }, [late])).toBe(
    "Plafonné à 50\u00a0: facture en retard de 64 jours",
  );
  expect(riskText(formatOf("fr"), late)).toBe(
    "1 facture en retard de 64 jours (1\u00a0200\u00a0€)",
  );
  await speak("en");
  expect(capText(formatOf("en"), { key: "invoice_late", cap: 50 }, [late])).toBe(
    "Capped at 50: an invoice is 64 days late",
  );
  const roi = { key: "roi", params: evidence.roi };
  expect(evidenceText(formatOf("en"), roi)).toBe(
    "Value delivered: €21,400 for €16,567 paid in 12 months (129%)",
  );
});

import { describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { detectorName, moveText, opportunityEvidence, whyText } from "./opportunity-words";

const FACTS = [
  {
    key: "quota",
    params: { name: "stockage", pct: 92, value: 92, limit: 100, needed: 115, days: 30 },
  },
  { key: "seats", params: { users: 48, seats: 50, pct: 96, more: 10 } },
  { key: "limit_hits", params: { days: 3, lastDay: "2026-06-09" } },
  { key: "roi", params: { pct: 240, outcomesCents: 1_440_000, feesCents: 600_000 } },
  {
    key: "plan_mismatch",
    params: { plan: "Équipe", next: "Entreprise", uses: 733, median: 214, own: 150 },
  },
  { key: "at_risk", params: { score: 41 } },
  { key: "at_risk", params: { score: null } },
  { key: "risk", params: { risk: { key: "usage_down", params: { changePct: -42 } } } },
  { key: "invoice_late", params: { count: 2, days: 40, amountCents: 90_000 } },
  { key: "promoter", params: { score: 9, answerDay: "2026-06-09" } },
  { key: "lacks_product", params: { product: "Rapports", clients: 5 } },
  {
    key: "owned_together",
    params: {
      product: "Rapports",
      from: "API",
      segment: "ETI",
      both: 38,
      owners: 52,
      base: 42,
      clients: 100,
      lift: 1.7,
    },
  },
  {
    key: "owned_together",
    params: {
      product: "Rapports",
      from: "API",
      segment: null,
      both: 5,
      owners: 5,
      base: 10,
      clients: 100,
      lift: 10,
    },
  },
  {
    key: "ends_soon",
    params: { product: "Pilotage", renewalDay: "2026-12-14", mrrCents: 90_000, count: 1 },
  },
  {
    key: "renews_soon",
    params: { product: "Pilotage", renewalDay: "2026-12-14", mrrCents: 90_000, count: 1 },
  },
  { key: "stands", params: { score: 84, sinceDay: "2024-06-09" } },
];
const DETECTORS = [
  "quota",
  "seats",
  "limit_hits",
  "roi",
  "plan_mismatch",
  "retention",
  "promoter",
  "cross_sell",
  "early_renewal",
  "reference",
];

describe.each(LANGUAGES)("in %s", (language) => {
  it("says every fact, every kind and every move", async () => {
    await speak(language);
    const format = formatOf(language);
    for (const fact of FACTS) {
      const text = opportunityEvidence(format, fact);
      expect(isSentence(text), `${fact.key}: ${text}`).toBe(true);
    }
    for (const detector of DETECTORS) {
      expect(isSentence(detectorName(detector)), detector).toBe(true);
      expect(isSentence(moveText(format, detector, FACTS)), detector).toBe(true);
    }
  });
});

it("joins facts and leaves out what it does not know", async () => {
  await speak("fr");
  const format = formatOf("fr");
  const text = whyText(format, [
    { key: "from_the_future", params: {} },
    { key: "at_risk", params: { score: 41 } },
    { key: "risk", params: { risk: { key: "usage_down", params: { changePct: -42 } } } },
  ]);
  expect(text).toBe(
    "Santé à 41, sous le seuil d’alerte · Usage en baisse de 42\u00a0% contre sa moyenne de 90 jours",
  );
});

import { beforeAll, describe, expect, it } from "vitest";
import { type Locale, makeFormat } from "@/lib/format";
import { i18n, loadNamespaces, setLocale, startI18n } from "@/lib/i18n";
import { riskText } from "./client-list-risk";

const plain = (text: string) => text.replace(/\u00a0/g, " ");

/** Every key that the server may send, with its numbers, and both sentences. */
const RISKS: [key: string, params: Record<string, unknown>, fr: string, en: string][] = [
  [
    "journey_late",
    { label: { fr: "Croissance", en: "Growth" }, stage: "growth", daysLate: 12 },
    "Étape Croissance en retard de 12 jours",
    "Stage Growth late by 12 days",
  ],
  [
    "journey_milestone",
    { overdue: 2, critical: 1 },
    "1 jalon critique dépassé",
    "1 critical milestone missed",
  ],
  [
    "usage_down",
    { changePct: -42, since: "2026-10-24" },
    "Usage −42 % depuis le 24 oct.",
    "Usage −42% since 24 Oct",
  ],
  ["usage_down", { changePct: -42 }, "Usage en baisse de 42 %", "Usage down 42%"],
  ["usage_stopped", { days: 21 }, "Aucun usage depuis 21 jours", "No use for 21 days"],
  ["usage_stopped", { days: 1 }, "Aucun usage depuis 1 jour", "No use for 1 day"],
  [
    "licence_low",
    { pct: 38, users: 19, seats: 50 },
    "Licences à 38 % (19 sur 50)",
    "Licences at 38% (19 of 50)",
  ],
  [
    "tickets_severe",
    { count: 3, oldestDays: 12 },
    "3 tickets graves depuis 12 jours",
    "3 severe tickets for 12 days",
  ],
  [
    "tickets_severe",
    { count: 1, oldestDays: 1 },
    "1 ticket grave depuis 1 jour",
    "1 severe ticket for 1 day",
  ],
  [
    "satisfaction_low",
    { mean: 2.4, max: 5 },
    "Satisfaction basse : 2,4 sur 5",
    "Low satisfaction: 2.4 of 5",
  ],
  [
    "nps_detractor",
    { score: 3, day: "2026-11-14" },
    "Détracteur NPS : 3 le 14 nov.",
    "NPS detractor: 3 on 14 Nov",
  ],
  ["nps_detractor", { score: 0 }, "Détracteur NPS : 0", "NPS detractor: 0"],
  ["engagement_silent", { days: 90 }, "Aucun échange depuis 90 jours", "No exchange for 90 days"],
  ["champion_left", { day: "2026-09-24" }, "Champion parti le 24 sept.", "Champion left on 24 Sep"],
  ["champion_left", {}, "Champion parti", "Champion gone"],
  [
    "invoice_late",
    { count: 2, days: 64, amountCents: 120_000 },
    "Facture en retard de 64 jours (1 200 €)",
    "Invoice 64 days late (€1,200)",
  ],
  [
    "roi_low",
    { pct: 78, valueCents: 100, feesCents: 200 },
    "Valeur obtenue : 78 % du prix",
    "Value delivered: 78% of the price",
  ],
  ["pulse_low", { value: 2 }, "Avis de l’équipe : 2 sur 5", "Team’s opinion: 2 out of 5"],
  [
    "child_low",
    { name: "Nordaufort", score: 41 },
    "Filiale Nordaufort à 41",
    "Subsidiary Nordaufort at 41",
  ],
  // A server that is newer than this page.
  ["moon_phase", { days: 34 }, "Risque détecté", "Risk detected"],
];

beforeAll(() => startI18n("fr"));

describe.each(["fr", "en"] as const)("risks in %s", (locale: Locale) => {
  it.each(RISKS)("%s %j", async (key, params, fr, en) => {
    await setLocale(locale);
    await loadNamespaces("clients");
    const t = i18n.getFixedT(locale, "clients");
    const format = makeFormat({ locale, currency: "EUR", timeZone: "Europe/Paris" });
    expect(plain(riskText(t, format, { key, params }))).toBe(locale === "fr" ? fr : en);
  });
});

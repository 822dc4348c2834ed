import { beforeAll, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { TIMELINE_KINDS, type TimelineItem } from "./api";
import { byStatus, stairs } from "./page-subscriptions";
import { duration } from "./page-tickets";
import { fold } from "./page-timeline";
import { timelineTone } from "./page-tone";
import { timelineWords } from "./page-words";

const full: Record<string, Record<string, unknown>> = {
  ticket: { subject: "Export", priority: "urgent", satisfaction: 2, escalation: true },
  survey: { survey: "nps", score: 5, comment: "Trop lent" },
  message: { from: "Hélène", text: "Bonjour", channel: "email" },
  meeting: { subject: "Revue" },
  payment: { amountCents: 294000, status: "paid", currency: "USD" },
  mrr: { kind: "contraction", deltaCents: -19000, afterCents: 294000 },
  health: { from: 46, to: 41 },
  outcome: { name: "Heures", valueCents: 1200000 },
  metric: { name: "Commandes", value: 12.5 },
  pulse: { value: 4, note: "Bonne relation", author: "Camille Roux" },
  churn_reason: { reason: "Prix", comment: "Trop cher" },
  note: { author: "Camille Roux", body: "**Bonjour**", editedAt: "2026-11-21T10:00:00Z" },
  task: { title: "Appeler", owner: "Camille Roux", due: "2026-11-30" },
  opportunity: { detector: "quota", state: "open", expectedCents: 12000 },
  journey: {
    stage: "adoption",
    label: { fr: "Adoption", en: "Adoption" },
    outcome: "moved",
    days: 12,
    reason: "Nouvelle équipe",
    by: "Camille Roux",
    inferred: true,
  },
  change: {
    operation: "clients.update",
    by: "Camille Roux",
    before: { segment: "PME", seats: 5, owner: null, plan: "A" },
    after: { segment: "ETI", seats: 6, owner: "Léa", plan: "B" },
  },
};
const item = (kind: string, data: Record<string, unknown>, at = "2026-11-20T10:00:00Z") =>
  ({ id: `${kind}${at}`, kind, at, data }) as TimelineItem;

describe.each(LANGUAGES)("in %s", (language) => {
  const format = formatOf(language);
  beforeAll(() => speak(language, "clients", "client"));

  it.each(TIMELINE_KINDS)("says %s, with all its data and with none", (kind) => {
    for (const data of [full[kind] ?? {}, {}]) {
      const words = timelineWords(format, item(kind, data));
      expect(words.title).toSatisfy(isSentence);
      expect(words.detail ?? "detail").toSatisfy(isSentence);
    }
  });
  it("keeps its head with values that no list knows", () => {
    for (const [kind, data] of [
      ["payment", { status: "chargeback", amountCents: "12" }],
      ["survey", { survey: "smile", score: 3 }],
      ["mrr", { kind: "split", deltaCents: 100 }],
      ["ticket", { subject: 12, priority: "p0" }],
      ["eclipse", {}],
    ] as const) {
      expect(timelineWords(format, item(kind, data)).title, kind).toSatisfy(isSentence);
    }
  });
});

it("quotes what people wrote and nothing else", async () => {
  await speak("fr", "clients");
  const words = timelineWords(formatOf("fr"), item("survey", full.survey ?? {}));
  expect(words).toEqual({ title: "Réponse NPS\u00a0: 5 sur 10", quote: "Trop lent" });
});

it("says how late an invoice is, or was", async () => {
  await speak("fr", "clients");
  const invoice = { amountCents: 375_840, dueDate: "2026-09-20", number: "F-26-1" };
  const issued = "2026-08-21T09:00:00Z";
  for (const [endedAt, detail, tone] of [
    [null, "en retard de 64 jours, échéance le 20 sept. 2026 · F-26-1", "bad"],
    ["2026-09-18T09:00:00Z", "payée le 18 sept. 2026 · F-26-1", "none"],
    ["2026-09-27T09:00:00Z", "payée le 27 sept. 2026, 7 jours après l’échéance · F-26-1", "watch"],
    // 00:30 on the 21st in Paris.
    ["2026-09-20T22:30:00Z", "payée le 21 sept. 2026, 1 jour après l’échéance · F-26-1", "watch"],
  ] as const) {
    const of = { ...item("payment", invoice, issued), endedAt };
    expect(timelineWords(formatOf("fr"), of)).toEqual({
      title: "Facture de 3\u00a0758\u00a0€",
      detail,
    });
    expect(timelineTone(formatOf("fr"), of)).toBe(tone);
  }
  const open = item("payment", { ...invoice, dueDate: "2026-12-01" }, issued);
  expect(timelineWords(formatOf("fr"), open).detail).toBe(
    "à payer avant le 1er déc. 2026 · F-26-1",
  );
});

it("says who wrote, how, and what a quota leaves", async () => {
  await speak("fr", "clients");
  const said = (kind: string, data: Record<string, unknown>) =>
    timelineWords(formatOf("fr"), item(kind, data));
  const mail = { channel: "email", direction: "in", subject: "Merci", text: "Bonjour" };
  expect(said("message", mail)).toEqual({ title: "E-mail reçu\u00a0: Merci", quote: "Bonjour" });
  expect(said("message", { direction: "out" }).title).toBe("Message envoyé");
  expect(said("message", { channel: "note" }).title).toBe("Note");
  expect(said("metric", { name: "Tâches", value: 137, limit: 200 }).title).toBe(
    "Tâches\u00a0: 137 sur 200 (69\u00a0%)",
  );
  expect(said("churn_reason", { reason: "competitor" }).title).toBe(
    "Départ signalé\u00a0: concurrent",
  );
  expect(said("pulse", full.pulse ?? {})).toEqual({
    title: "Avis de Camille Roux\u00a0: 4 sur 5",
    quote: "Bonne relation",
  });
});

it("says who recorded a fact, and does not take them for who wrote", async () => {
  await speak("fr", "clients", "client");
  const said = (kind: string, data: Record<string, unknown>, byHand = true) =>
    timelineWords(formatOf("fr"), { ...item(kind, data), byHand });
  const author = "Camille Roux";
  expect(said("message", { channel: "call", direction: "in", text: "Content", author })).toEqual({
    title: "Appel reçu",
    quote: "Content",
    detail: "consigné par Camille Roux",
  });
  expect(said("outcome", { label: "Heures", amountCents: 50_000, author }).detail).toBe(
    "500\u00a0€ · consigné par Camille Roux",
  );
  expect(said("meeting", { subject: "Revue" }).detail).toBeUndefined();
  expect(said("message", { text: "Bonjour", author }, false).detail).toBe("de Camille Roux");
});

it("folds three of a kind on one day, not two", () => {
  const day = (hour: number) => `2026-11-20T0${hour}:00:00Z`;
  const two = [item("health", {}, day(1)), item("health", {}, day(2))];
  expect(fold(two)).toHaveLength(2);
  expect(fold([...two, item("health", {}, day(3))])).toHaveLength(1);
  expect(fold([...two, item("ticket", {}, day(3))])).toHaveLength(3);
  const measure = (name: string, date: string) => item("metric", { name }, `${date}T06:00:00Z`);
  const days = ["2026-11-20", "2026-11-19", "2026-11-18"];
  expect(fold(days.map((date) => measure("Tâches", date)))).toHaveLength(1);
  expect(fold(days.map((date, rank) => measure(`Mesure ${rank}`, date)))).toHaveLength(3);
});

it("draws the MRR as it stood on each day", () => {
  const points = [
    { day: "2026-11-05", mrrCents: 200 },
    { day: "2026-11-01", mrrCents: 100 },
  ];
  const rows = stairs(points, "2026-11-07");
  expect(rows.map((row) => row.cents)).toEqual([0, 100, 100, 100, 100, 200, 200, 200]);
  expect(stairs([], "2026-11-07")).toEqual([]);
  expect(stairs(points, "2036-11-07").length).toBeLessThan(190);
  expect(stairs(points, "2036-11-07").at(-1)).toEqual({ day: "2036-11-07", cents: 200 });
});

it("counts a ticket's delay in hours, then in days", () => {
  expect(duration("2026-11-01T00:00:00Z", "2026-11-01T00:10:00Z")).toEqual({
    unit: "hours",
    value: 1,
  });
  expect(duration("2026-11-01T00:00:00Z", "2026-11-04T12:00:00Z")).toEqual({
    unit: "days",
    value: 3,
  });
});

it("lists what is current first", () => {
  const row = (status: string, startDate: string) => ({ status, startDate }) as never;
  const sorted = byStatus([
    row("ended", "2026-01-01"),
    row("active", "2024-01-01"),
    row("active", "2025-01-01"),
  ]);
  expect(sorted.map((item) => item.startDate)).toEqual(["2025-01-01", "2024-01-01", "2026-01-01"]);
});

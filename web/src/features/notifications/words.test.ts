import { describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import type { Notification } from "./api";
import { byClient, destination, notificationText } from "./words";

const item = (kind: Notification["kind"], params: Record<string, unknown>, client = "a") =>
  ({
    id: kind + client,
    kind,
    params,
    asks: true,
    clientId: client,
    clientName: `Client ${client}`,
    subjectId: "s",
    createdAt: "2026-11-23T09:00:00Z",
  }) as Notification;

const ITEMS = [
  item("health_fell", { from: 71, to: 58 }),
  item("invoice_late", { number: "F-7", dueDay: "2026-11-20", amountCents: 60_000 }),
  item("task_assigned", { title: "Appeler Soléa", dueDay: null }),
  item("opportunity_found", {
    detector: "seats",
    evidence: { key: "seats", params: { users: 48, seats: 50, pct: 96, more: 10 } },
    expectedCents: 5_000,
  }),
  item("opportunity_found", { detector: "roi", evidence: null, expectedCents: 5_000 }),
  item("objective_reached", { name: "MRR de 200 k€" }),
  item("clients_received", { from: "Marie", clients: 40, tasks: 1, owner: "Bob" }),
  item("clients_received", { from: "Marie", clients: 1, tasks: 0, returnsDay: "2026-12-14" }),
  item("mentioned", { who: "Léa Martin", text: "Bob, peux-tu les appeler" }),
  item("journey_alert", { alert: "stage_late", label: { fr: "Adoption", en: "Adoption" } }),
  item("journey_ask", { stage: "growth", label: { fr: "Croissance", en: "Growth" } }),
];

describe.each(LANGUAGES)("in %s", (language) => {
  it("says every kind", async () => {
    await speak(language, "notifications");
    const t = i18n.getFixedT(language, "notifications");
    for (const one of ITEMS) {
      const text = notificationText(formatOf(language), t, one);
      expect(isSentence(text), text).toBe(true);
      expect(i18n.exists(`notifications:action.${one.kind}`)).toBe(true);
    }
  });
});

it("leads to what it is about", () => {
  expect(ITEMS.map((one) => destination(one).to)).toEqual([
    "/clients/$id",
    "/clients/$id",
    "/tasks",
    "/clients/growth",
    "/clients/growth",
    "/clients/$id",
    "/clients/advanced",
    "/clients/advanced",
    "/clients/$id",
    "/clients/$id",
    "/clients/$id",
  ]);
  expect(destination(ITEMS[3] as Notification).search).toEqual({
    tab: "opportunities",
    opportunity: "s",
  });
});

it("groups by client, the newest first", () => {
  const groups = byClient([
    item("health_fell", {}, "b"),
    item("invoice_late", {}, "a"),
    item("task_assigned", {}, "b"),
  ]);
  expect(groups.map(([name, items]) => [name, items.length])).toEqual([
    ["Client b", 2],
    ["Client a", 1],
  ]);
});

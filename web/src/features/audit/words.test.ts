import { beforeEach, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import type { Entry } from "./api";
import { fieldText, sentence, valueText } from "./words";

const base: Entry = {
  seq: 1,
  at: "2026-11-23T10:00:00Z",
  actorKind: "person",
  actorId: "01890a5d-ac96-774b-bcce-b302099a8057",
  actorName: "Camille Renaud",
  origin: "api",
  operation: "members.role",
  objectKind: "member",
  objectId: "01890a5d-ac96-774b-bcce-b302099a8058",
  objectName: "Bo Aas",
  before: { role: "member" },
  after: { role: "manager" },
  requestId: "r",
  hash: "00",
};
const of = (patch: Partial<Entry>): Entry => ({ ...base, ...patch });

describe("in French", () => {
  beforeEach(() => speak("fr", "audit"));
  const format = formatOf("fr");

  it("says who changed what into what", () => {
    expect(sentence(format, base)).toBe(
      "Camille Renaud a changé le rôle de Bo Aas\u00a0: Membre → Responsable",
    );
    const machine = of({ actorKind: "system", origin: "cli", actorName: null });
    expect(sentence(format, machine)).toMatch(/^La ligne de commande a changé/);
    const token = of({
      actorKind: "token",
      actorName: "sync",
      operation: "clients.upsert",
      objectId: null,
      before: null,
      after: { created: 1200, updated: 3, ids: ["a"] },
    });
    expect(sentence(format, token)).toBe(
      "Le jeton «\u00a0sync\u00a0» a envoyé 1\u00a0203 clients\u00a0: 1\u00a0200 ajoutés, 3 mis à jour",
    );
  });

  it("writes values as the rest of the interface does", () => {
    expect(valueText(format, "amountCents", 250_050, { currency: "USD" })).toBe(
      "2\u00a0500,50\u00a0$US",
    );
    expect(valueText(format, "startDate", "2026-11-23")).toBe("23 nov. 2026");
    expect(valueText(format, "archived", true)).toBe("oui");
    expect(valueText(format, "segment", null)).toBe("—");
    expect(valueText(format, "theme", "dark")).toBe("sombre");
    expect(valueText(format, "2026-05", 900_000)).toBe("9\u00a0000,00\u00a0€");
    expect(valueText(format, "targetPct", 85.5)).toBe("85,5\u00a0%");
    expect(valueText(format, "state", "won")).toBe("Gagnée");
    expect(fieldText(format, "weights.usage")).toBe("poids\u00a0: Usage du produit");
    expect(fieldText(format, "curves.payments_late")).toBe("courbe\u00a0: retard de paiement");
    expect(fieldText(format, "2026-05")).toBe("dépense de mai 2026");
  });
});

describe.each(LANGUAGES)("in %s", (language) => {
  beforeEach(() => speak(language, "audit"));
  const format = formatOf(language);

  it.each([
    of({}),
    of({ operation: "sessions.sign_in", objectName: null, after: { method: "link" } }),
    of({ operation: "sessions.end_all", before: { sessions: 3 }, after: null }),
    of({ operation: "tokens.create", after: { kind: "write" } }),
    of({ operation: "tokens.revoke", before: { kind: "api" }, after: null }),
    of({ operation: "clients.upsert", before: { externalId: null }, after: { externalId: "c" } }),
    of({ operation: "clients.upsert", before: { segment: "a" }, after: { segment: "b" } }),
    of({ operation: "signals.upsert", before: {}, after: { messageId: "m" } }),
    of({
      operation: "workspaces.rates",
      before: { "USD 2026-01-01": 0.9 },
      after: { "USD 2026-01-01": 0.92 },
    }),
    of({ operation: "imports.end", after: { rows: 10, refused: 1 } }),
    of({ operation: "audit.erase", after: { entries: 4 } }),
    of({
      operation: "tasks.update",
      objectKind: "task",
      before: { due: "2026-06-18", ownerId: "u" },
      after: { due: null, ownerId: null },
    }),
    ...["create", "done", "reopen", "delete", "restore"].map((verb) =>
      of({ operation: `tasks.${verb}`, objectKind: "task" }),
    ),
    ...["accept", "snooze", "dismiss", "reopen", "win", "lose"].map((verb) =>
      of({
        operation: `opportunities.${verb}`,
        objectKind: "opportunity",
        before: { detector: "seats", state: "open", wonCents: null, until: null },
        after: { detector: "seats", state: "won", wonCents: 12_000, until: "2026-07-01" },
      }),
    ),
    of({ operation: "opportunities.settings", before: { limitEvents: [] }, after: {} }),
    ...["create", "update", "delete", "restore"].map((verb) =>
      of({ operation: `objectives.${verb}`, after: { targetCents: 3_000_000 } }),
    ),
    of({ operation: "spend.set", before: { "2026-05": 9_000 }, after: { "2026-05": null } }),
    of({
      operation: "health_profiles.save",
      after: { "weights.usage": 25, "curves.payments_late": "" },
    }),
    of({ operation: "health_profiles.drop", objectName: "PME" }),
    of({ operation: "notifications.preferences", after: { invoice_late: false } }),
    of({ operation: "notifications.read", objectName: null, before: null, after: null }),
    of({ operation: "tasks.snooze", objectKind: "task", objectName: null }),
    // Erased: nobody and nothing is named.
    of({ actorName: null, objectName: null, before: null, after: null, erasedAt: base.at }),
  ])("$operation is a sentence", (entry) => {
    const said = sentence(format, entry);
    expect(said.replace("members.role", "").replace("tasks.snooze", "")).toSatisfy(isSentence);
    expect(said).not.toMatch(/:\s*$/);
  });
});

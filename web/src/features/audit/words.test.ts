import { beforeEach, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import type { Entry } from "./api";
import { sentence, valueText } from "./words";

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
      "Camille Renaud a changé le rôle de Bo Aas : Membre → Responsable",
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
      "Le jeton « sync » a envoyé 1\u00a0203 clients : 1\u00a0200 ajoutés, 3 mis à jour",
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
    of({ operation: "tasks.update", objectKind: "task", objectName: null }),
    of({ operation: "tasks.snooze", objectKind: "task", objectName: null }),
    // Erased: nobody and nothing is named.
    of({ actorName: null, objectName: null, before: null, after: null, erasedAt: base.at }),
  ])("$operation is a sentence", (entry) => {
    const said = sentence(format, entry);
    expect(said.replace("members.role", "").replace("tasks.snooze", "")).toSatisfy(isSentence);
    expect(said).not.toMatch(/:\s*$/);
  });
});

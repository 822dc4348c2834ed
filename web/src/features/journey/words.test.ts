import { beforeAll, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { ALERT_KINDS, type Alert, type Evidence, type OwnJourney, type Stage } from "./api";
import { alertText, evidenceText, outlook, stageTime } from "./words";

const journey: OwnJourney = {
  id: "j",
  templateId: "t",
  templateName: { fr: "Parcours", en: "Journey" },
  version: 1,
  latestVersion: 1,
  status: "active",
  stage: "adoption",
  progressPct: 40,
  startedOn: "2026-09-01",
  inferred: false,
  daysLate: 0,
  advanceHeld: false,
  suspended: false,
};

describe.each(LANGUAGES)("%s", (language) => {
  const format = formatOf(language);
  const t = () => i18n.getFixedT(language, "journey");
  beforeAll(() => speak(language, "journey", "advanced"));

  it("says what was measured against what was asked", () => {
    const say = (evidence: Partial<Evidence>) =>
      evidenceText(t(), format, {
        fact: "usage.active_days_30d",
        op: "gte",
        threshold: 20,
        value: 17,
        met: false,
        ...evidence,
      });
    expect(say({})).toMatch(/17 (sur|of) 20$/);
    expect(say({ value: null })).toMatch(/20/);
    for (const op of ["eq", "ne", "lt", "in", "has", "hasNot", "isEmpty", "isNotEmpty"]) {
      expect(isSentence(say({ op }))).toBe(true);
    }
    // What was done is said by the name of the action.
    const done = { fact: "journey.done", op: "has", threshold: "training", value: [], met: true };
    const name = (key: string) => (key === "training" ? "Formation" : key);
    expect(evidenceText(t(), format, done, name)).toMatch(/: Formation$/);
    expect(evidenceText(t(), format, { ...done, met: false }, name)).not.toBe(
      evidenceText(t(), format, done, name),
    );
    // A fact that this version does not know keeps its key, made readable.
    expect(say({ fact: "field.favourite_colour" })).toContain("favourite colour");
    expect(say({ fact: "metric.storage_gb" })).toContain("storage gb");
  });

  it("says every alert with what it is about", () => {
    for (const kind of ALERT_KINDS) {
      const alert: Alert = {
        id: "a",
        kind,
        label: { fr: "Adoption", en: "Adoption" },
        raisedOn: "2026-11-01",
        daysLate: 9,
        due: "2026-11-14",
        critical: false,
        clientId: "c",
        clientName: "C",
      };
      const text = alertText(t(), format, (label) => label?.[language] ?? "", alert);
      expect(isSentence(text)).toBe(true);
      expect(text).toContain("Adoption");
    }
  });

  it("says how the stage will end: late, after or before its day, or not known yet", () => {
    const say = (patch: Partial<OwnJourney>) => outlook(t(), format, { ...journey, ...patch });
    expect(say({})).toBeUndefined();
    const said = [
      say({ expectedEnd: "2026-11-01", daysLate: 22 }),
      say({ expectedEnd: "2026-12-01" }),
      say({ expectedEnd: "2026-12-01", projectedEnd: "2026-12-20" }),
      say({ expectedEnd: "2026-12-01", projectedEnd: "2026-11-30" }),
    ];
    expect(new Set(said).size).toBe(4);
    for (const text of said) expect(isSentence(text ?? "")).toBe(true);
  });

  it("says where a stage stands in its time", () => {
    const stage = { plannedDays: 60, days: 74 } as Stage;
    const say = (status: Stage["status"]) => stageTime(t(), format, { ...stage, status });
    expect(say("at_risk")).toMatch(/74 (sur|of) 60/);
    expect(say("completed")).toContain("74");
    expect(say("pending")).toContain("60");
    expect(isSentence(say("skipped"))).toBe(true);
    // Nobody knows since when a client is in a stage that was inferred.
    const inferred = stageTime(t(), format, { ...stage, inferred: true, status: "active" });
    expect(inferred).toContain("60");
    expect(inferred).not.toContain("74");
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { i18n } from "@/lib/i18n";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import type { Fact } from "./api";
import { identifier } from "./create-sheet";
import { OPS } from "./expression";
import { keyOf, readChoices } from "./field-sheet";
import { split } from "./text-editor";
import { readNumber } from "./value-field";
import { opChoice, sentence, valueText } from "./words";

const fact = (key: string, kind: Fact["kind"]): Fact => ({
  key,
  kind,
  ops: [],
  sortable: true,
  column: true,
  criterion: true,
});

describe.each(LANGUAGES)("conditions in %s", (language) => {
  beforeAll(() => speak(language, "advanced"));
  const said = (of: Fact, op: (typeof OPS)[number], value?: never | unknown) =>
    sentence(i18n.getFixedT(language, "advanced"), formatOf(language), of, {
      fact: of.key,
      op,
      value: value as never,
    }).replace(/\u00a0/g, " ");

  it("read as sentences", () => {
    const expected = {
      fr: [
        "MRR au moins 600 €",
        "Responsable est Camille, Samir ou Inès",
        "Renouvellement avant le 31 déc. 2027",
        "Dernière activité il y a plus de 30 jours",
        "Renouvellement dans moins de 60 jours",
        "Classe de santé est Critique",
        "À risque est oui",
        "Responsable est vide",
      ],
      en: [
        "MRR at least €600",
        "Owner is Camille, Samir or Inès",
        "Renewal before 31 Dec 2027",
        "Last activity more than 30 days ago",
        "Renewal in less than 60 days",
        "Health class is Critical",
        "At risk is yes",
        "Owner is empty",
      ],
    };
    expect([
      said(fact("mrr", "money"), "gte", 600),
      said(fact("owner", "person"), "in", ["Camille", "Samir", "Inès"]),
      said(fact("renewal", "day"), "before", { day: "2027-12-31" }),
      said(fact("last_seen", "instant"), "before", { daysAgo: 30 }),
      said(fact("renewal", "day"), "before", { inDays: 60 }),
      said(fact("health_class", "choice"), "eq", "critical"),
      said(fact("at_risk", "boolean"), "eq", true),
      said(fact("owner", "person"), "isEmpty"),
    ]).toEqual(expected[language]);
  });

  it("have words for every operator of every kind", () => {
    const t = i18n.getFixedT(language, "advanced");
    for (const kind of ["text", "number", "day", "instant", "choices"] as const) {
      for (const op of OPS) {
        const word = opChoice(t, kind, op);
        expect(word, `${kind} ${op}`).not.toMatch(/^op\./);
      }
    }
    for (const op of ["eq", "ne", "lte", "gte", "before", "after"] as const) {
      for (const value of [{ daysAgo: 2 }, { inDays: 2 }, { daysAgo: 0 }]) {
        expect(isSentence(said(fact("renewal", "day"), op, value))).toBe(true);
      }
    }
  });

  it("write values by their kind", () => {
    const t = i18n.getFixedT(language, "advanced");
    const format = formatOf(language);
    expect(valueText(t, format, fact("mrr", "money"), 294_000)).toBe(format.money(294_000));
    expect(valueText(t, format, fact("tags", "choices"), [])).toBe("—");
    expect(valueText(t, format, fact("tags", "choices"), ["a", "b"])).toBe("a, b");
    expect(valueText(t, format, fact("x", "day"), "2026-12-14")).toBe(format.date("2026-12-14"));
    expect(valueText(t, format, fact("x", "text"), null)).toBe("—");
  });
});

it("marks a fault by characters, even at the end and beyond accents", () => {
  expect(split("é = 1 annd", { at: 6, length: 4 })).toEqual(["é = 1 ", "annd", ""]);
  expect(split("mrr >", { at: 5, length: 0 })).toEqual(["mrr >", " ", ""]);
  expect(split("😀 x", { at: 2, length: 1 })).toEqual(["😀 ", "x", ""]);
});

it("reads numbers as they are written in both languages", () => {
  expect(readNumber("1 000,5")).toBe(1000.5);
  expect(readNumber("1\u00a0000")).toBe(1000);
  expect(readNumber("−3.25")).toBe(-3.25);
  expect(readNumber("1,")).toBeUndefined();
  expect(readNumber("")).toBeUndefined();
});

it("makes keys and identifiers of names", () => {
  expect(keyOf("Type de contrat (été)")).toBe("type_de_contrat_ete");
  expect(keyOf("2026 plan")).toBe("plan");
  expect(identifier("Maison Verdier & Fils", () => 0)).toBe("maison-verdier-fils-00000000");
  expect(identifier("日本", () => 0)).toBe("00000000");
  expect(readChoices(" a\n\nb\na ")).toEqual(["a", "b"]);
});

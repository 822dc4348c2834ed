import { beforeAll, describe, expect, it } from "vitest";
import { type Locale, makeFormat } from "@/lib/format";
import { i18n, loadNamespaces, setLocale, startI18n } from "@/lib/i18n";
import { forecastSubtitle, forecastTitle, reconciliation, waterfallTitle } from "./finding";
import { forecast, month, objective } from "./fixtures.test-data";

const plain = (text: string) => text.replace(/\u00a0/g, " ");
beforeAll(() => startI18n("fr"));

async function inLanguage(locale: Locale) {
  await setLocale(locale);
  await loadNamespaces("growth");
  const t = i18n.getFixedT(locale, "growth");
  return { t, format: makeFormat({ locale, currency: "EUR", timeZone: "Europe/Paris" }) };
}

describe("titles that are findings", () => {
  it("in French", async () => {
    const { t, format } = await inLanguage("fr");
    expect(plain(forecastTitle(t, format, forecast, 6))).toBe("Dans six mois : 207,9 k€ de MRR");
    expect(plain(forecastSubtitle(t, format, forecast, objective))).toBe(
      "62 % de chances d’atteindre l’objectif de 205 k€ en mai 2027",
    );
    expect(plain(forecastSubtitle(t, format, forecast, undefined))).toBe(
      "Huit chances sur dix d’être entre 198 k€ et 219 k€",
    );
    const short = { ...forecast, base: [], history: [{ month: "2026-05", mrrCents: 17_402_000 }] };
    expect(plain(forecastTitle(t, format, short, 6))).toBe("+12 400 € de MRR en six mois");
    expect(plain(forecastSubtitle(t, format, short, undefined))).toBe(
      "Pas encore de prévision : il manque 2 mois d’historique (6 sur 8).",
    );
    expect(plain(waterfallTitle(t, format, month, "2026-11-23"))).toBe(
      "Le MRR a gagné 4 370 € depuis le 31 oct. 2026",
    );
    const lost = { ...month, closingCents: month.openingCents - 100_000 };
    expect(plain(waterfallTitle(t, format, lost, "2026-12-31"))).toBe(
      "Le MRR a perdu 1 000 € en novembre 2026",
    );
  });
  it("in English", async () => {
    const { t, format } = await inLanguage("en");
    expect(forecastTitle(t, format, forecast, 6)).toBe("In six months: €207.9k of MRR");
    expect(waterfallTitle(t, format, month, "2026-11-23")).toBe(
      "MRR gained €4,370 since 31 Oct 2026",
    );
  });
});

describe("the line that reconciles", () => {
  it("adds up on screen in both languages", async () => {
    const fr = await inLanguage("fr");
    expect(plain(reconciliation(fr.t, fr.format, month))).toBe(
      "182 050 € + 8 680 € de gains − 4 310 € de pertes = 186 420 €",
    );
    const en = await inLanguage("en");
    expect(reconciliation(en.t, en.format, month)).toBe(
      "€182,050 + €8,680 of gains − €4,310 of losses = €186,420",
    );
  });
  it("keeps its cents and shows a gap", async () => {
    const { t, format } = await inLanguage("fr");
    const odd = { ...month, openingCents: 18_204_950, closingCents: 18_642_000 };
    expect(plain(reconciliation(t, format, odd))).toBe(
      "182 049,50 € + 8 680,00 € de gains − 4 310,00 € de pertes = 186 420,00 € Écart inexpliqué : +0,50 €.",
    );
  });
});

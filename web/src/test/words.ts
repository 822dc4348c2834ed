/** Puts the words of both languages at hand in a test, without loading files. */
import { makeFormat } from "@/lib/format";
import { i18n, startI18n } from "@/lib/i18n";

export const LANGUAGES = ["fr", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export const formatOf = (locale: Language) =>
  makeFormat({
    locale,
    currency: "EUR",
    timeZone: "Europe/Paris",
    now: () => new Date("2026-11-23T10:00:00Z"),
  });

export async function speak(locale: Language, ...namespaces: string[]): Promise<void> {
  if (!i18n.isInitialized) await startI18n(locale);
  await i18n.loadNamespaces(["common", "errors", ...namespaces]);
  await i18n.changeLanguage(locale);
}

/** A sentence for people: no key, no hole, no leftover of a template. */
export function isSentence(text: string): boolean {
  return text.length > 3 && !/[{}]|undefined|null|NaN|[a-z]+_[a-z]+|\w+\.\w+\.\w+/.test(text);
}

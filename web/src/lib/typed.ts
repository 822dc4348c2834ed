/** Numbers and amounts as people type them, in the language that they read. */
import type { Locale } from "./format";
import { currentLocale } from "./i18n";

/** English writes thousands with commas; whatever is no such group is a decimal comma, as elsewhere. */
const GROUPED = /^-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/** A number with spaces, a comma or a point; none for what is no number. */
export function parseNumber(text: string, locale: Locale = currentLocale()): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace("−", "-");
  const grouped = locale === "en" && GROUPED.test(plain);
  const clean = grouped ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(clean) ? Number(clean) : null;
}

/** The minor units of a typed amount, which has at most the currency's decimals; none for what is no amount. */
export function cents(text: string, minor: number, locale?: Locale): number | null {
  const number = parseNumber(text, locale);
  if (number === null || number < 0) return null;
  const value = number * minor;
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : null;
}

/** An amount to begin typing from, as the locale writes decimals: `75`, `75,50`, `75.50`. */
export function euros(amount: number, minor: number, locale: Locale): string {
  const value = amount / minor;
  const text = Number.isInteger(value) ? String(value) : value.toFixed(String(minor).length - 1);
  return locale === "fr" ? text.replace(".", ",") : text;
}

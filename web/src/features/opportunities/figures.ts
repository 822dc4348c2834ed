/** Amounts as people type them: a comma or a point, spaces in between, at most the currency's decimals. */
import type { Locale } from "@/lib/format";

/** The minor units of a typed amount; none for what is no amount. */
export function cents(text: string, minor: number): number | null {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  if (!/^\d+(\.\d+)?$/.test(plain)) return null;
  const value = Number(plain) * minor;
  const whole = Math.round(value);
  return Math.abs(value - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : null;
}

/** An amount to begin typing from, as the locale writes decimals: `75`, `75,50`, `75.50`. */
export function euros(amount: number, minor: number, locale: Locale): string {
  const value = amount / minor;
  const text = Number.isInteger(value) ? String(value) : value.toFixed(String(minor).length - 1);
  return locale === "fr" ? text.replace(".", ",") : text;
}

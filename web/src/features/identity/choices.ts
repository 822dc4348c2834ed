/** Currencies and time zones that the browser knows, named in the person's language. */
import type { Locale } from "@/lib/format";

function supported(kind: "currency" | "timeZone"): string[] {
  try {
    return Intl.supportedValuesOf(kind);
  } catch {
    return [];
  }
}

export interface Choice {
  value: string;
  label: string;
}

/** Euro, dollar, pound… first, then all by name. */
const USUAL = ["EUR", "USD", "GBP", "CHF", "CAD"];

export function currencies(locale: Locale, current?: string): Choice[] {
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  const codes = new Set([...USUAL, ...supported("currency")]);
  if (current) codes.add(current);
  const choice = (value: string): Choice => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  });
  const others = [...codes].filter((code) => !USUAL.includes(code)).sort();
  return [...USUAL, ...others].map(choice);
}

export function isCurrency(code: string): boolean {
  const known = supported("currency");
  return /^[A-Z]{3}$/.test(code) && (known.length === 0 || known.includes(code));
}

export function timeZones(current?: string): Choice[] {
  const zones = new Set(supported("timeZone"));
  zones.add("UTC");
  if (current) zones.add(current);
  return [...zones]
    .sort()
    .map((value) => ({ value, label: value.replaceAll("_", " ").replaceAll("/", " / ") }));
}

export function browserTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The currency of the country that the browser's language names, else the euro. */
export function browserCurrency(): string {
  const country = navigator.language.split("-")[1]?.toUpperCase() ?? "";
  const known: Record<string, string> = { US: "USD", GB: "GBP", CH: "CHF", CA: "CAD", AU: "AUD" };
  return known[country] ?? "EUR";
}

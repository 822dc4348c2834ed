/** The editor of exchange rates: rows as typed, and what is wrong with them, by field. */
import type { Refusal } from "@/lib/form";
import type { Rate } from "./api";
import { isCurrency } from "./choices";

export interface RateRow {
  /** For the list only. */
  key: number;
  currency: string;
  from: string;
  /** As typed: "0,92". */
  rate: string;
}

/** A number as people type it, with a comma or a point. */
export function parseRate(text: string): number | null {
  const clean = text.replace(/[\s\u00a0]/g, "").replace(",", ".");
  return /^\d+(\.\d+)?$/.test(clean) ? Number(clean) : null;
}

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));

export function checkRates(
  rows: readonly RateRow[],
  reporting: string,
): Record<string, Refusal | undefined> {
  const out: Record<string, Refusal | undefined> = {};
  const seen = new Set<string>();
  rows.forEach((row, index) => {
    const at = `rates[${index}]`;
    const currency = row.currency.trim().toUpperCase();
    if (currency === "") out[`${at}.currency`] = { code: "field_required" };
    else if (!isCurrency(currency)) out[`${at}.currency`] = { code: "growth_currency_unknown" };
    else if (currency === reporting) out[`${at}.currency`] = { code: "rate_same_currency" };
    if (row.from === "") out[`${at}.from`] = { code: "field_required" };
    else if (!isDay(row.from)) out[`${at}.from`] = { code: "growth_day_invalid" };
    else if (seen.has(`${currency} ${row.from}`)) out[`${at}.from`] = { code: "rate_twice" };
    seen.add(`${currency} ${row.from}`);
    if (row.rate.trim() === "") out[`${at}.rate`] = { code: "field_required" };
    else if (!((parseRate(row.rate) ?? 0) > 0)) out[`${at}.rate`] = { code: "growth_rate_invalid" };
  });
  return out;
}

export function toRates(rows: readonly RateRow[]): Rate[] {
  return rows.map((row) => ({
    currency: row.currency.trim().toUpperCase(),
    from: row.from,
    rate: parseRate(row.rate) ?? 0,
  }));
}

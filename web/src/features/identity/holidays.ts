/** Public holidays as they are typed, what is wrong with them, and those of a country. Pure. */
import type { Refusal } from "@/lib/form";
import { addDays } from "@/lib/format";

export interface HolidayRow {
  key: number;
  day: string;
  name: string;
}
export interface Holiday {
  day: string;
  name: string;
}

export const MOST = 400;

/** What is wrong, by field; a day stands once. */
export function checkHolidays(rows: readonly HolidayRow[]): Record<string, Refusal | undefined> {
  const found: Record<string, Refusal | undefined> = {};
  const seen = new Set<string>();
  rows.forEach(({ day, name }, index) => {
    if (day === "") found[`days[${index}].day`] = { code: "field_required" };
    else if (seen.has(day)) found[`days[${index}].day`] = { code: "holiday_twice" };
    if (name.trim() === "") found[`days[${index}].name`] = { code: "field_required" };
    seen.add(day);
  });
  if (rows.length > MOST) found.days = { code: "list_too_long", params: { max: MOST } };
  return found;
}

export const toHolidays = (rows: readonly HolidayRow[]): Holiday[] =>
  rows
    .map(({ day, name }) => ({ day, name: name.trim() }))
    .sort((a, b) => a.day.localeCompare(b.day));

/** Easter Sunday of a year, by the computation of Gauss and Butcher. */
export function easter(year: number): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const day = (h + l - 7 * m + 33 * month + 19) % 32;
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** The eleven public holidays of France; names are keys of `holiday.*`. */
export function holidaysOfFrance(year: number): { day: string; key: string }[] {
  const sunday = easter(year);
  return [
    { day: `${year}-01-01`, key: "newYear" },
    { day: addDays(sunday, 1), key: "easterMonday" },
    { day: `${year}-05-01`, key: "labour" },
    { day: `${year}-05-08`, key: "victory" },
    { day: addDays(sunday, 39), key: "ascension" },
    { day: addDays(sunday, 50), key: "whitMonday" },
    { day: `${year}-07-14`, key: "national" },
    { day: `${year}-08-15`, key: "assumption" },
    { day: `${year}-11-01`, key: "allSaints" },
    { day: `${year}-11-11`, key: "armistice" },
    { day: `${year}-12-25`, key: "christmas" },
  ];
}

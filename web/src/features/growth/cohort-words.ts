/** How a cohort is named and tinted. Pure. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import type { CohortPeriod } from "./api";

/** « mars 2026 », « T1 2026 ». */
export function periodName(
  t: TFunction<"growth">,
  format: Format,
  by: CohortPeriod,
  from: string,
): string {
  if (by === "month") return format.month(from);
  const quarter = Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1;
  return t("cohorts.quarterName", { n: format.number(quarter), year: from.slice(0, 4) });
}

/** The more is left, the stronger the tint; never so strong that the figure on it is hard to read. */
export function heat(pct: number | null | undefined): string {
  const share = Math.max(0, Math.min(100, pct ?? 0));
  return `color-mix(in oklab, var(--series-1) ${Math.round(share * 0.32)}%, var(--surface))`;
}

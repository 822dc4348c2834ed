/** Values of objectives, in the unit of their metric: written, read, and drawn. Pure. */
import type { Format } from "@/lib/format";
import { i18n } from "@/lib/i18n";
import type { Objective, ObjectiveMetric, ObjectiveUnit } from "./api";

const RATIOS: readonly ObjectiveMetric[] = [
  "nrr",
  "grr",
  "logoChurn",
  "revenueChurn",
  "monthlyChurn",
  "csat",
];
const COUNTS: readonly ObjectiveMetric[] = ["activeClients", "newClients", "atRiskClients"];

export function unitOf(metric: ObjectiveMetric): ObjectiveUnit {
  if (RATIOS.includes(metric)) return "ratio";
  if (COUNTS.includes(metric)) return "number";
  if (metric === "quickRatio" || metric === "ltvCac") return "times";
  if (metric === "payback") return "months";
  if (metric === "nps" || metric === "ces") return metric;
  return metric === "meanHealth" ? "score" : "cents";
}

export function valueText(
  format: Format,
  unit: ObjectiveUnit,
  value: number | null | undefined,
  signed = false,
): string {
  if (unit === "cents") return format.money(value, { signed });
  if (unit === "ratio") return format.percent(value, { signed });
  const written = format.number(value, { digits: unit === "number" ? 0 : 1, signed });
  return unit === "months" && value != null
    ? i18n.t("growth:metrics.months", { n: written })
    : written;
}

/** From what is typed (units, per cent) to what is stored (cents, a fraction). */
export function fromTyped(unit: ObjectiveUnit, typed: number, minor: number): number {
  if (unit === "cents") return Math.round(typed * minor);
  if (unit === "ratio") return Math.round(typed * 1e6) / 1e8;
  return typed;
}

/** The other way, as text for a field. */
export function toTyped(format: Format, unit: ObjectiveUnit, value: number): string {
  const shown =
    unit === "cents" ? value / format.minorUnits() : unit === "ratio" ? value * 100 : value;
  return format.number(Math.round(shown * 1e4) / 1e4, { digits: 4 });
}

/** Where linear time asks an objective to be on a day; nothing outside its period. */
export function targetOn(objective: Objective, day: string): number | null {
  const { startDate, dueDate, startValue, target } = objective;
  if (startValue == null || day < startDate || day > dueDate) return null;
  const at = (text: string) => Date.parse(`${text}T00:00:00Z`);
  const share = (at(day) - at(startDate)) / (at(dueDate) - at(startDate));
  return Math.round(startValue + (target - startValue) * share);
}

/** The objective that the forecast of MRR is held against: the open one that is due last. */
export function forecastTarget(
  objectives: readonly Objective[] | undefined,
  today: string,
): Objective | undefined {
  return objectives
    ?.filter((item) => item.metric === "mrr" && item.direction === "up" && item.dueDate > today)
    .filter((item) => item.state === "on_track" || item.state === "behind")
    .sort((a, b) => (a.dueDate < b.dueDate ? 1 : -1))[0];
}

/** What a journey says in sentences. Names of stages and criteria are the workspace's own. */
import type { TFunction } from "i18next";
import { choiceName, factName } from "@/lib/fact-words";
import type { Format } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import type { Alert, Evidence, EvidenceValue, Label, OwnJourney, Stage } from "./api";

type T = TFunction<"journey">;

/** Writes a name of the workspace in the language in use. */
export function useLabel(): (label: Label | null | undefined) => string {
  const locale = useLocale();
  return (label) => label?.[locale] ?? "";
}

export const daysText = (t: T, format: Format, days: number): string =>
  t("days", { count: days, n: format.number(days) });

/** The label of a stage by its key; the key itself for a stage that the template has no more. */
export function stageLabel(
  stages: readonly { key: string; label: Label }[],
  key: string | null | undefined,
  write: (label: Label) => string,
): string {
  const found = stages.find((stage) => stage.key === key);
  return found ? write(found.label) : (key ?? "");
}

function valueText(format: Format, t: T, fact: string, value: EvidenceValue | undefined): string {
  if (value === null || value === undefined) return format.number(null);
  if (typeof value === "number") return format.number(value, { digits: 2 });
  if (typeof value === "boolean") return t(value ? "evidence.yes" : "evidence.no");
  const word = (one: string) => (fact === "tags" ? tagName(t, one) : choiceName(fact, one));
  return Array.isArray(value) ? value.map(word).join(", ") : word(value);
}

/** Tags are the workspace's own words, but for those that the built-in journey asks for. */
const BUILT_IN_TAGS = new Set(["testimonial", "referral"]);
const tagName = (t: T, tag: string): string =>
  BUILT_IN_TAGS.has(tag) ? t(`evidence.tag.${tag}`) : tag;

const LEAST = new Set(["gte", "gt"]);
const MOST = new Set(["lte", "lt"]);

/**
 * What was measured against what was asked: "Jours d’usage : 17 sur 20". `action` writes the key of
 * a key action, which conditions on what was done name.
 */
export function evidenceText(
  t: T,
  format: Format,
  evidence: Evidence,
  action: (key: string) => string = (key) => key,
): string {
  const { fact, op, threshold, value } = evidence;
  if (fact === "journey.done" && op === "has" && typeof threshold === "string") {
    return t(evidence.met ? "evidence.done" : "evidence.toDo", { what: action(threshold) });
  }
  const words = {
    fact: factName(fact),
    value: valueText(format, t, fact, value),
    threshold: valueText(format, t, fact, threshold),
  };
  if (op === "isEmpty" || op === "isNotEmpty") return t(`evidence.${op}`, words);
  if (value === null || value === undefined) return t("evidence.unknown", words);
  if (LEAST.has(op)) return t("evidence.least", words);
  if (MOST.has(op)) return t("evidence.most", words);
  return t(
    op === "ne" || op === "notIn" || op === "hasNot" ? "evidence.not" : "evidence.is",
    words,
  );
}

/** Where a stage stands in its time: "Jour 74 sur 60", "Terminée en 41 j", "90 j prévus". */
export function stageTime(t: T, format: Format, stage: Stage): string {
  const n = format.number(stage.days);
  const planned = format.number(stage.plannedDays);
  switch (stage.status) {
    case "pending":
      return t("stage.planned", { days: daysText(t, format, stage.plannedDays) });
    case "skipped":
      return t("stage.skipped");
    case "completed":
      return stage.days == null
        ? t("stage.completed")
        : t("stage.completedIn", { days: daysText(t, format, stage.days) });
    default:
      // Since when a client is in a stage that was inferred, nobody knows.
      if (stage.inferred)
        return t("stage.planned", { days: daysText(t, format, stage.plannedDays) });
      return t("stage.day", { n, planned });
  }
}

/** How the current stage is expected to end, in one sentence. */
export function outlook(t: T, format: Format, journey: OwnJourney): string | undefined {
  const { expectedEnd, projectedEnd, daysLate } = journey;
  if (!expectedEnd) return undefined;
  if (daysLate > 0) {
    return t("outlook.late", {
      days: daysText(t, format, daysLate),
      day: format.date(expectedEnd),
    });
  }
  if (!projectedEnd) return t("outlook.expected", { day: format.date(expectedEnd) });
  return t(projectedEnd > expectedEnd ? "outlook.willBeLate" : "outlook.onTime", {
    day: format.date(expectedEnd),
    projected: format.date(projectedEnd),
  });
}

/** One alert as a fact. */
export function alertText(
  t: T,
  format: Format,
  write: (label: Label | null | undefined) => string,
  alert: Alert,
): string {
  const days = daysText(t, format, alert.daysLate);
  const what = write(alert.label);
  // Without any progress there is a pace, but no day at which it ends.
  if (alert.kind === "stage_projected_late" && alert.daysLate === 0) {
    return t("alert.stage_without_pace", { what, day: format.date(alert.due) });
  }
  return t(`alert.${alert.kind}`, { what, days, day: format.date(alert.due ?? alert.raisedOn) });
}

/** A version by its number; the one that was there from the beginning has none. */
export const versionName = (t: T, format: Format, version: number): string =>
  version === 0 ? t("versions.original") : t("versions.name", { n: format.number(version) });

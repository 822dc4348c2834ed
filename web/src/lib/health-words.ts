/** Risks and evidence of a health score, in plain words: the server sends a key and its figures. */
import type { Format } from "./format";
import { i18n } from "./i18n";

export interface HealthFact {
  key: string;
  params: Record<string, unknown>;
}

const ROOT = "common:health";

function words(format: Format, params: Record<string, unknown>) {
  const number = (name: string): number | null => {
    const value = params[name];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const write = (name: string, digits = 0) => format.number(number(name), { digits });
  /** `unit("days", "oldestDays")` → "12 jours". */
  const unit = (word: string, name: string) =>
    i18n.t(`${ROOT}.unit.${word}`, { count: number(name) ?? 0, n: write(name) });
  return {
    number,
    write,
    unit,
    text: (name: string) => (typeof params[name] === "string" ? params[name].trim() : ""),
    day: () => format.date(typeof params.day === "string" ? params.day : null),
    /** Amounts are cents of the reporting currency. */
    money: (name: string) => format.money(number(name)),
    change: () => format.percentValue(number("changePct"), { digits: 0, signed: true }),
    pct: () => format.percentValue(number("pct"), { digits: 0 }),
    ago: (name: string) =>
      number(name) === 0 ? i18n.t(`${ROOT}.unit.today`) : unit("daysAgo", name),
    survey: (name: string) => {
      const key = `${ROOT}.survey.${String(params[name])}`;
      return i18n.exists(key) ? i18n.t(key) : String(params[name] ?? "").toUpperCase();
    },
  };
}

/** What a component's points were read off; empty for a key that this version does not know. */
export function evidenceText(format: Format, { key, params }: HealthFact): string {
  const { number, write, unit, change, pct, ago, survey, day, money } = words(format, params);
  const say = (name: string, values: Record<string, unknown>) =>
    i18n.t(`${ROOT}.evidence.${name}`, values);
  switch (key) {
    case "usage_vs_baseline":
      return say(number("changePct") === 0 ? "usage_as_usual" : key, {
        change: change(),
        last: write("last30"),
        usual: write("baseline30"),
      });
    case "usage_trend":
      return say(number("changePct") === 0 ? "usage_trend_flat" : key, {
        change: change(),
        days: write("days"),
      });
    case "usage_breadth":
      return say(key, { functions: unit("functions", "events"), usual: write("usual") });
    case "usage_inactive_days":
      return say(key, { ago: ago("days") });
    case "usage_no_baseline":
      return number("days") === null
        ? say("usage_no_baseline_never", {})
        : say(key, { days: unit("days", "days") });
    case "licence_use":
      return say(key, {
        people: unit("people", "users"),
        seats: unit("seats", "seats"),
        pct: pct(),
      });
    case "tickets_open": {
      const open = number("open") ?? 0;
      if (open === 0) {
        const recent = number("last28") ?? 0;
        return recent === 0
          ? say("tickets_none", {})
          : say("tickets_none_recent", { count: recent, n: write("last28") });
      }
      return say(number("urgent") ? "tickets_urgent" : "tickets_open", {
        count: open,
        n: write("open"),
        urgent: unit("urgent", "urgent"),
        days: unit("days", "oldestDays"),
      });
    }
    case "tickets_reopened":
      return say(key, { count: number("count") ?? 0, n: write("count") });
    case "satisfaction_mean":
      return say(params.kind === "ticket" ? "satisfaction_mean_ticket" : key, {
        survey: survey("kind"),
        mean: write("mean", 1),
        max: write("max"),
        answers: unit("answers", "count"),
        days: unit("days", "days"),
      });
    case "survey_last":
      return say(key, {
        survey: survey("survey"),
        score: write("score", 1),
        ago: ago("daysAgo"),
      });
    case "exchange_last":
      return say(key, { ago: ago("days") });
    case "exchange_never":
      return say(key, { days: unit("days", "days") });
    case "exchange_rhythm":
      return say(key, { exchanges: unit("exchanges", "last28"), usual: write("usual28") });
    case "champion_present":
      return say(key, { count: number("count") ?? 1, n: write("count") });
    case "champion_left":
      return say(key, { day: day() });
    case "invoices_late":
      return say(key, {
        count: number("count") ?? 0,
        n: write("count"),
        amount: money("amountCents"),
        days: unit("days", "days"),
      });
    case "invoices_fine":
      return number("open")
        ? say(key, { count: number("open"), n: write("open") })
        : say("invoices_settled", {});
    case "invoices_habit":
      return say(number("meanDays") ? key : "invoices_habit_fine", {
        invoices: unit("invoices", "count"),
        late: unit("days", "meanDays"),
      });
    case "roi":
      return say(key, { value: money("valueCents"), fees: money("feesCents"), pct: pct() });
    case "pulse":
      return say(key, { value: write("value"), ago: ago("daysAgo") });
    case "journey_stage":
      if (number("daysLate"))
        return say("journey_late", { stage: stageName(params), days: unit("days", "daysLate") });
      return say(params.status === "at_risk" ? "journey_at_risk" : "journey_on_time", {
        stage: stageName(params),
      });
    case "journey_milestones":
      return say(key, { count: number("overdue") ?? 0, n: write("overdue") });
    case "children_mean":
      return say(number("scored") === number("count") ? key : "children_mean_partial", {
        count: number("scored") ?? 0,
        n: write("scored"),
        all: write("count"),
        mean: write("mean", 1),
      });
    default:
      return "";
  }
}

/** A stage's name, which the server keeps in both languages. */
export function stageName(params: HealthFact["params"]): string {
  const label = (params.label ?? {}) as { fr?: string; en?: string };
  return (i18n.language.startsWith("en") ? label.en : label.fr) ?? "";
}

/** A reason to worry. Since when and how many points stand beside it, not in the sentence. */
export function riskText(format: Format, { key, params }: HealthFact): string {
  const { number, write, unit, pct, ago, day, money, text } = words(format, params);
  const say = (name: string, values: Record<string, unknown>) =>
    i18n.t(`${ROOT}.risk.${name}`, values);
  switch (key) {
    case "usage_down":
      return say(key, {
        change: format.percentValue(Math.abs(number("changePct") ?? 0), { digits: 0 }),
      });
    case "usage_stopped":
      return say(key, { days: unit("days", "days") });
    case "licence_low":
      return say(key, {
        people: unit("people", "users"),
        seats: unit("seats", "seats"),
        pct: pct(),
      });
    case "tickets_severe":
      return say(key, {
        count: number("count") ?? 0,
        n: write("count"),
        days: unit("days", "oldestDays"),
      });
    case "satisfaction_low":
      return say(key, { mean: write("mean", 1), max: write("max") });
    case "nps_detractor":
      return say(key, { score: write("score", 1), day: day() });
    case "engagement_silent":
      return say(key, { days: unit("days", "days") });
    case "champion_left":
      return say(key, { day: day() });
    case "invoice_late":
      return say(key, {
        count: number("count") ?? 0,
        n: write("count"),
        days: unit("days", "days"),
        amount: money("amountCents"),
      });
    case "roi_low":
      return say(key, { pct: pct() });
    case "pulse_low":
      return say(key, { value: write("value"), ago: ago("daysAgo") });
    case "journey_late":
      return say(key, { stage: stageName(params), days: unit("days", "daysLate") });
    case "journey_milestone":
      return say(key, { count: number("critical") ?? 0, n: write("critical") });
    case "child_low":
      return say(text("name") ? key : "child_low_unnamed", {
        name: text("name"),
        score: write("score"),
      });
    default:
      return say("other", {});
  }
}

/** A kind of risk without its figures: the heading of a count. */
export function riskName(key: string): string {
  const path = `${ROOT}.riskName.${key}`;
  return i18n.t(i18n.exists(path) ? path : `${ROOT}.riskName.other`);
}

/** What a part of the score is called; a part that this version does not know keeps its own word. */
export function componentName(component: string): string {
  const path = `${ROOT}.component.${component}`;
  return i18n.exists(path) ? i18n.t(path) : component;
}

/** "Capped at 50: an invoice is 64 days late". The reason's figures are those of the risk of its key. */
export function capText(
  format: Format,
  cap: { key: string; cap: number },
  risks: readonly HealthFact[],
): string {
  const { unit, day } = words(format, risks.find((risk) => risk.key === cap.key)?.params ?? {});
  const path = `${ROOT}.cap.${cap.key}`;
  const reason = i18n.t(i18n.exists(path) ? path : `${ROOT}.cap.other`, {
    days: unit("days", "days"),
    day: day(),
  });
  return i18n.t(`${ROOT}.cap.line`, { cap: format.number(cap.cap), reason });
}

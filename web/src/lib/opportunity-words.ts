/** Opportunities in plain words: the server sends keys and figures. */
import type { Format } from "./format";
import { type HealthFact, riskText } from "./health-words";
import { i18n } from "./i18n";

export interface OpportunityFact {
  key: string;
  params: Record<string, unknown>;
}

const ROOT = "common:opportunity";

const figure = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
const word = (value: unknown): string => (typeof value === "string" ? value : "");

function days(format: Format, value: unknown): string {
  const count = figure(value) ?? 0;
  return i18n.t(`${ROOT}.days`, { count, n: format.number(count) });
}

/** One fact that an opportunity rests on; empty for a key that this version does not know. */
export function opportunityEvidence(format: Format, { key, params }: OpportunityFact): string {
  const say = (name: string, values: Record<string, unknown>) =>
    i18n.t(`${ROOT}.evidence.${name}`, values);
  const number = (name: string, digits = 0) => format.number(figure(params[name]), { digits });
  const pct = () => format.percentValue(figure(params.pct), { digits: 0 });
  const money = (name: string) => format.money(figure(params[name]));
  const day = (name: string) => format.date(word(params[name]));
  switch (key) {
    case "quota":
      return say(key, {
        name: word(params.name),
        pct: pct(),
        days: days(format, params.days),
        value: number("value", 1),
        limit: number("limit", 1),
        needed: number("needed"),
      });
    case "seats":
      return say(key, {
        pct: pct(),
        users: number("users"),
        seats: number("seats"),
        more: number("more"),
      });
    case "limit_hits":
      return say(key, { days: days(format, params.days), day: day("lastDay") });
    case "roi":
      return say(key, { pct: pct(), outcomes: money("outcomesCents"), fees: money("feesCents") });
    case "plan_mismatch":
      return say(key, {
        uses: number("uses"),
        next: word(params.next),
        median: number("median"),
        plan: word(params.plan),
        own: number("own"),
      });
    case "at_risk":
      return figure(params.score) === null
        ? say("at_risk_unknown", {})
        : say(key, { score: number("score") });
    case "risk":
      return riskText(format, params.risk as HealthFact);
    case "invoice_late": {
      const count = figure(params.count) ?? 0;
      return say(key, {
        count,
        n: format.number(count),
        days: days(format, params.days),
        amount: money("amountCents"),
      });
    }
    case "promoter":
      return say(key, { score: number("score"), day: day("answerDay") });
    case "lacks_product": {
      const count = figure(params.clients) ?? 0;
      return say(key, { count, n: format.number(count), product: word(params.product) });
    }
    case "owned_together": {
      const [base, clients] = [figure(params.base), figure(params.clients)];
      const segment = word(params.segment);
      return say(segment ? key : "owned_together_all", {
        both: number("both"),
        owners: number("owners"),
        segment,
        from: word(params.from),
        product: word(params.product),
        lift: number("lift", 1),
        pct: format.percent(base !== null && clients ? base / clients : null, { digits: 0 }),
      });
    }
    case "ends_soon":
    case "renews_soon":
      return say(key, {
        product: word(params.product),
        day: day("renewalDay"),
        mrr: money("mrrCents"),
      });
    case "stands":
      return say(key, { score: number("score"), day: day("sinceDay") });
    default:
      return "";
  }
}

/** All facts in one line. */
export function whyText(format: Format, evidence: readonly OpportunityFact[]): string {
  return evidence
    .map((fact) => opportunityEvidence(format, fact))
    .filter(Boolean)
    .join(" · ");
}

/** What kind of opportunity: "Sièges presque tous occupés". */
export const detectorName = (detector: string): string => i18n.t(`${ROOT}.detector.${detector}`);

/** What to do about it: "Proposer 4 sièges de plus". */
export function moveText(
  format: Format,
  detector: string,
  evidence: readonly OpportunityFact[],
): string {
  const param = (name: string) =>
    evidence.map((fact) => fact.params[name]).find((value) => value != null);
  if (detector === "seats") {
    const count = figure(param("more")) ?? 1;
    return i18n.t(`${ROOT}.move.seats`, { count, n: format.number(count) });
  }
  return i18n.t(`${ROOT}.move.${detector}`, {
    next: word(param("next")),
    product: word(param("product")),
  });
}

/** `12 jours` */
export const daysText = days;

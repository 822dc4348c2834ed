/** How a fact, a condition and a value are said. */
import type { TFunction } from "i18next";
import { choiceName, factName } from "@/lib/fact-words";
import type { Format } from "@/lib/format";
import type { Fact, FactValue } from "./api";
import { type Condition, isBare, isDayValue, isList, type Op, type Scalar } from "./expression";

/** A field's own label, the word of a built-in fact, or its key as it is written. */
/** A label inside a sentence: "santé", but "MRR sur 3 mois". */
export const inSentence = (label: string): string =>
  /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

export const factLabel = (_t: TFunction, fact: Pick<Fact, "key" | "label">): string =>
  factName(fact.key, fact.label);

/** The word of a closed choice ("critical"), or the value itself. */
export const choiceLabel = (_t: TFunction, fact: string, value: string): string =>
  choiceName(fact, value);

type Numeric = "number" | "money";
type Dated = "day" | "instant";
const isNumeric = (kind: Fact["kind"] | undefined): kind is Numeric =>
  kind === "number" || kind === "money";
const isDated = (kind: Fact["kind"] | undefined): kind is Dated =>
  kind === "day" || kind === "instant";
const DATED: ReadonlySet<Op> = new Set(["eq", "ne", "lte", "gte"]);

/** The word of an operator; the same operator reads otherwise for numbers, days and words. */
export function opLabel(t: TFunction, kind: Fact["kind"] | undefined, op: Op): string {
  if (isDated(kind) && DATED.has(op)) return t(`op.${op}Day`);
  if (isNumeric(kind) && (op === "eq" || op === "ne")) return t(`op.${op}Number`);
  return t(`op.${op}`);
}

/** The same among other operators: "is" of one value and of several are told apart. */
export const opChoice = (t: TFunction, kind: Fact["kind"] | undefined, op: Op) =>
  op === "in" || op === "notIn" ? t(`op.${op}List`) : opLabel(t, kind, op);

/** A condition in two parts: what is compared how, and with what. */
export function saying(
  t: TFunction,
  format: Format,
  fact: Fact | undefined,
  condition: Condition,
): { op: string; value: string } {
  const { op, value } = condition;
  if (isBare(op)) return { op: opLabel(t, fact?.kind, op), value: "" };
  if (value === undefined) return { op: opLabel(t, fact?.kind, op), value: t("value.missing") };
  if (!isList(value) && isDayValue(value) && !("day" in value)) {
    const ago = "daysAgo" in value;
    const count = ago ? value.daysAgo : value.inDays;
    const way = op === "before" || op === "after" || DATED.has(op) ? op : "eq";
    if (count === 0) return { op: opLabel(t, fact?.kind, op), value: t("value.today") };
    return {
      op: "",
      value: t(`day.${way}${ago ? "Ago" : "In"}`, { count, n: format.number(count) }),
    };
  }
  const one = (item: Scalar) => scalarText(t, format, fact, item);
  if (isList(value)) {
    const words = value.map(one);
    const last = words.pop() ?? "";
    const listed = words.length > 0 ? t("value.or", { list: words.join(", "), last }) : last;
    return { op: opLabel(t, fact?.kind, op), value: listed };
  }
  return { op: opLabel(t, fact?.kind, op), value: one(value) };
}

function scalarText(t: TFunction, format: Format, fact: Fact | undefined, value: Scalar): string {
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number") {
    return fact?.kind === "money"
      ? format.money(value * format.minorUnits(), { exact: !Number.isInteger(value) })
      : format.number(value, { digits: 2 });
  }
  if (typeof value === "string") return choiceLabel(t, fact?.key ?? "", value);
  return "day" in value ? format.date(value.day) : t("value.today");
}

/** A whole condition as one sentence, for screen readers and lists. */
export function sentence(
  t: TFunction,
  format: Format,
  fact: Fact | undefined,
  condition: Condition,
): string {
  const said = saying(t, format, fact, condition);
  const name = factLabel(t, fact ?? { key: condition.fact });
  return [name, said.op, said.value].filter(Boolean).join(" ");
}

/** A fact of a client as it is written in a cell, in a preview, in a list. */
export function valueText(
  t: TFunction,
  format: Format,
  fact: Pick<Fact, "key" | "kind"> | undefined,
  value: FactValue | undefined,
): string {
  if (value === null || value === undefined || value === "") return format.number(null);
  if (Array.isArray(value)) {
    return value.length === 0
      ? format.number(null)
      : value.map((item) => choiceLabel(t, fact?.key ?? "", item)).join(", ");
  }
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
  if (typeof value === "number") {
    if (fact?.kind === "money") return format.money(value);
    if (fact && PERCENTS.has(fact.key)) return format.percentValue(value);
    if (fact?.key === "coverage") return format.percent(value, { digits: 0 });
    return format.number(value, { digits: 2 });
  }
  if (fact?.kind === "day") return format.date(value);
  if (fact?.kind === "instant") return format.relative(value);
  return choiceLabel(t, fact?.key ?? "", value);
}

/** Facts counted in hundredths. */
export const PERCENTS: ReadonlySet<string> = new Set([
  "mrr_change_3m",
  "journey.progress",
  "licence_use",
]);
/** Facts that are changes: an arrow says the direction. */
export const CHANGES: ReadonlySet<string> = new Set(["mrr_change_3m", "health_change_30d"]);

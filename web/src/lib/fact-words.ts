/**
 * How the facts of the expression language and their values are said. The words stand with client
 * management (namespace `advanced`): a page that says facts loads it.
 */
import { riskName } from "./health-words";
import { i18n } from "./i18n";

/** A field's own label, a metric's name, the word of a built-in fact, or its key as it is written. */
export function factName(key: string, label?: string | null): string {
  if (label) return label;
  const path = `advanced:fact.${key}`;
  const word = i18n.exists(path) ? i18n.t(path) : undefined;
  return typeof word === "string"
    ? word
    : key.replace(/^(field|metric)\./, "").replace(/[_.]/g, " ");
}

/** The word of a closed choice ("critical"), or the value itself. */
export function choiceName(fact: string, value: string): string {
  if (fact === "top_risk") return riskName(value);
  if (fact === "health_class") return i18n.t(`common:health.${value}`, { defaultValue: value });
  const path = `advanced:choice.${fact}.${value}`;
  return i18n.exists(path) ? i18n.t(path) : value;
}

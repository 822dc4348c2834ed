/** What the growth cockpit refuses is said in both languages, with the figures that mend it. */
import { beforeEach, describe, expect, it } from "vitest";
import { errorCodeText } from "@/lib/i18n";
import { isSentence, LANGUAGES, speak } from "./words";

/** The code and parameters as the server sends them, and what the sentence has to name. */
const REFUSED: [code: string, params: Record<string, unknown>, named: RegExp][] = [
  ["health_profile_weights_sum", { field: "weights", sum: 101 }, /101.*100/],
  ["health_curve_turns", { field: "curves.outcomes_roi", way: "rising" }, /./],
  ["health_curve_turns", { field: "curves.payments_late", way: "falling" }, /./],
  ["health_curve_turns", { field: "curves.support_recent", way: "costing" }, /./],
  ["health_curve_points", { field: "curves.outcomes_roi", min: 2, max: 12 }, /2.*12/],
  ["field_range", { field: "alert", min: 0, max: 100 }, /0.*100/],
  ["health_thresholds_order", { field: "good", above: 75 }, /75/],
  ["health_rearm_order", { field: "rearm", least: 60 }, /60/],
  ["growth_objective_past", { field: "dueDate", value: "2026-06-16", min: "2026-06-17" }, /./],
  ["growth_objective_ends_before_start", { field: "dueDate" }, /./],
  [
    "growth_spend_currency",
    { field: "months[0].currency", currency: "USD", reporting: "EUR" },
    /EUR/,
  ],
];

describe.each(LANGUAGES)("in %s", (language) => {
  beforeEach(() => speak(language));
  it.each(REFUSED)("%s %j", (code, params, named) => {
    const said = errorCodeText(code, params);
    expect(said).toSatisfy(isSentence);
    expect(said).toMatch(named);
    // Not the sentence for what this version does not know.
    expect(said).not.toBe(errorCodeText("moon_phase", {}));
  });
});

it("is not the same sentence twice", async () => {
  const said: Record<string, string[]> = {};
  for (const language of LANGUAGES) {
    await speak(language);
    said[language] = REFUSED.map(([code, params]) => errorCodeText(code, params));
  }
  for (const [index, french] of (said.fr ?? []).entries())
    expect(french).not.toBe(said.en?.[index]);
});

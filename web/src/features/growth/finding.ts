/** Sentences made of figures: titles that are findings, and the line that reconciles. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import type { Forecast, Objective, Waterfall } from "./api";
import { direction, reconcile, sumWriter } from "./figures";
import type { Months } from "./periods";

/** « Dans six mois : 207,9 k€ de MRR »; without a forecast, what the months shown have brought. */
export function forecastTitle(
  t: TFunction<"growth">,
  format: Format,
  forecast: Forecast,
  months: Months,
): string {
  const last = forecast.base.at(-1);
  if (last) return t(`forecast.title.${months}`, { amount: format.moneyCompact(last.p50) });
  const first = forecast.history.slice(-months - 1).find((close) => close.mrrCents > 0);
  const change = first ? forecast.nowCents - first.mrrCents : 0;
  if (change === 0) return t(`history.flat.${months}`);
  return t("history.moved", {
    amount: format.money(change, { signed: true }),
    period: t(`history.in.${months}`),
  });
}

/** How sure, or what is missing; against the objective when there is one. */
export function forecastSubtitle(
  t: TFunction<"growth">,
  format: Format,
  forecast: Forecast,
  objective: Objective | undefined,
): string {
  const { reliability } = forecast;
  const last = forecast.base.at(-1);
  if (!last) {
    return t("forecast.missing", {
      count: reliability.closesMissing,
      missing: format.number(reliability.closesMissing),
      have: format.number(reliability.closes),
      needed: format.number(reliability.closesNeeded),
    });
  }
  if (objective?.chancePct != null) {
    return t("forecast.chance", {
      pct: format.percentValue(objective.chancePct, { digits: 0 }),
      amount: format.moneyCompact(objective.target),
      month: format.month(objective.dueDate),
    });
  }
  return t("forecast.interval", {
    low: format.moneyCompact(last.p10),
    high: format.moneyCompact(last.p90),
  });
}

/** « Le MRR a gagné 4 370 € depuis le 31 oct. 2026 » */
export function waterfallTitle(
  t: TFunction<"growth">,
  format: Format,
  waterfall: Waterfall,
  asOf: string,
): string {
  const change = waterfall.closingCents - waterfall.openingCents;
  const since = waterfall.to === asOf ? "since" : "between";
  return t(`waterfall.${direction(change)}.${since}`, {
    amount: format.money(Math.abs(change)),
    from: format.date(waterfall.from),
    to: format.date(waterfall.to),
    month: format.month(waterfall.to),
  });
}

/** « 182 050 € + 8 680 € de gains − 4 310 € de pertes = 186 420 € » */
export function reconciliation(
  t: TFunction<"growth">,
  format: Format,
  waterfall: Waterfall,
): string {
  const { gains, losses, gap } = reconcile(waterfall);
  const { openingCents, closingCents } = waterfall;
  const write = sumWriter(format, [openingCents, gains, losses, closingCents]);
  const sentence = t("waterfall.sum", {
    opening: write(openingCents),
    gains: write(gains),
    losses: write(-losses),
    closing: write(closingCents),
  });
  return gap === 0 ? sentence : `${sentence} ${t("waterfall.gap", { amount: write(gap, true) })}`;
}

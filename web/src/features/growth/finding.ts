/** Sentences made of figures: titles that are findings, and the line that reconciles. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import type { HistoryPoint, Waterfall } from "./api";
import { direction, reconcile, sumWriter } from "./figures";

/** « +12 400 € de MRR en six mois » */
export function historyTitle(
  t: TFunction<"growth">,
  format: Format,
  points: readonly HistoryPoint[],
  months: number,
): string {
  const first = points[0];
  const last = points.at(-1);
  const change = first && last ? last.mrrCents - first.mrrCents : 0;
  if (change === 0) return t(`history.flat.${months}`);
  return t("history.moved", {
    amount: format.money(change, { signed: true }),
    period: t(`history.in.${months}`),
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

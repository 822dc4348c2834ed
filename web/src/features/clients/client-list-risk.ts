/** A risk in plain words, from its key and its numbers. */
import type { TFunction } from "i18next";
import type { Format } from "@/lib/format";
import { type HealthFact, stageName } from "@/lib/health-words";

export function riskText(t: TFunction<"clients">, format: Format, risk: HealthFact): string {
  const { params } = risk;
  const number = (name: string): number | null => {
    const value = params[name];
    return typeof value === "number" && Number.isFinite(value) ? value : null;
  };
  const day = (name: string): string | null => {
    const value = params[name];
    return typeof value === "string" ? format.dayMonth(value) : null;
  };
  const days = (name: string) => {
    const count = number(name) ?? 0;
    return t("list.days", { count, n: format.number(count) });
  };

  switch (risk.key) {
    case "usage_down": {
      const change = number("changePct");
      const pct = format.percentValue(change === null ? null : Math.abs(change), { digits: 0 });
      const since = day("since");
      return since
        ? t("list.risk.usage_down_since", { pct, since })
        : t("list.risk.usage_down", { pct });
    }
    case "usage_stopped": {
      const count = number("days") ?? 0;
      return t("list.risk.usage_stopped", { count, n: format.number(count) });
    }
    case "licence_low":
      return t("list.risk.licence_low", {
        pct: format.percentValue(number("pct"), { digits: 0 }),
        users: format.number(number("users")),
        seats: format.number(number("seats")),
      });
    case "tickets_severe": {
      const count = number("count") ?? 0;
      return t("list.risk.tickets_severe", {
        count,
        n: format.number(count),
        age: days("oldestDays"),
      });
    }
    case "satisfaction_low":
      return t("list.risk.satisfaction_low", {
        mean: format.number(number("mean"), { digits: 1 }),
        max: format.number(number("max")),
      });
    case "nps_detractor": {
      const score = format.number(number("score"));
      const on = day("day");
      return on
        ? t("list.risk.nps_detractor", { score, day: on })
        : t("list.risk.nps_detractor_undated", { score });
    }
    case "engagement_silent": {
      const count = number("days") ?? 0;
      return t("list.risk.engagement_silent", { count, n: format.number(count) });
    }
    case "champion_left": {
      const on = day("day");
      return on ? t("list.risk.champion_left", { day: on }) : t("list.risk.champion_left_undated");
    }
    case "invoice_late":
      return t("list.risk.invoice_late", {
        age: days("days"),
        amount: format.money(number("amountCents")),
      });
    case "roi_low":
      return t("list.risk.roi_low", {
        pct: format.percentValue(number("pct"), { digits: 0 }),
      });
    case "pulse_low":
      return t("list.risk.pulse_low", { value: format.number(number("value")) });
    case "child_low":
      return t("list.risk.child_low", {
        name: typeof params.name === "string" ? params.name : "",
        score: format.number(number("score")),
      });
    case "journey_late":
      return t("list.risk.journey_late", { stage: stageName(params), days: days("daysLate") });
    case "journey_milestone": {
      const count = number("critical") ?? 0;
      return t("list.risk.journey_milestone", { count, n: format.number(count) });
    }
    default:
      return t("list.risk.other");
  }
}

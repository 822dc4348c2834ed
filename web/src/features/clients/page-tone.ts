/** What a fact of the timeline means at a glance. */
import type { Format } from "@/lib/format";
import type { TimelineItem } from "./api";
import { invoiceLateDays, number, SCALE } from "./page-words";

/** Good news, bad news or neither: gives the icon its tint; the words say it as well. */
export function timelineTone(
  format: Format,
  item: TimelineItem,
): "good" | "bad" | "watch" | "none" {
  const { kind, data, endedAt } = item;
  const score = number(data, "score");
  switch (kind) {
    case "ticket": {
      const grave = ["urgent", "high"].includes(String(data.priority));
      return endedAt ? "none" : grave ? "bad" : "watch";
    }
    case "survey": {
      const max = SCALE[String(data.survey).toLowerCase()];
      if (score === undefined || max === undefined) return "none";
      return score / max <= 0.6 ? "bad" : score / max >= 0.8 ? "good" : "none";
    }
    case "payment":
      if (["failed", "overdue"].includes(String(data.status))) return "bad";
      return invoiceLateDays(format, item) === 0 ? "none" : endedAt ? "watch" : "bad";
    case "pulse": {
      const value = number(data, "value") ?? 3;
      return value <= 2 ? "bad" : value >= 4 ? "good" : "none";
    }
    case "churn_reason":
      return "bad";
    case "task":
      return endedAt ? "good" : "none";
    case "opportunity": {
      const state = String(data.state);
      return state === "won" ? "good" : state === "lost" ? "bad" : "none";
    }
    case "outcome":
      return "good";
    case "journey":
      return data.outcome === "completed" ? "good" : "none";
    case "mrr": {
      const delta = number(data, "deltaCents") ?? 0;
      return delta < 0 ? "bad" : delta > 0 ? "good" : "none";
    }
    case "health": {
      const from = number(data, "from");
      const to = number(data, "to");
      if (from === undefined || to === undefined) return "none";
      return to < from ? "bad" : "good";
    }
    default:
      return "none";
  }
}

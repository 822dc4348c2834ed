/** Plain sentences of the timeline. The data of a signal is what its source sent: nothing is assumed. */
import type { Format } from "@/lib/format";
import { i18n } from "@/lib/i18n";
import type { TimelineItem } from "./api";

export interface TimelineWords {
  /** The fact. */
  title: string;
  /** What somebody wrote. */
  quote?: string;
  /** A short addition. */
  detail?: string;
}

const ROOT = "clients:page.timeline";
const say = (key: string, values: Record<string, unknown> = {}) => i18n.t(`${ROOT}.${key}`, values);

function text(data: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = data[name];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return undefined;
}
function number(data: Record<string, unknown>, ...names: string[]): number | undefined {
  for (const name of names) {
    const value = data[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return undefined;
}

/** The word for a value out of a fixed list, or the value itself when it is not in the list. */
function word(list: string, value: string | undefined): string | undefined {
  if (!value) return undefined;
  const key = `${ROOT}.${list}.${value.toLowerCase()}`;
  return i18n.exists(key) ? i18n.t(key) : value;
}

/** 10, 5 and 7: the scales of the three surveys. */
const SCALE: Record<string, number> = { nps: 10, csat: 5, ces: 7 };

export function timelineWords(format: Format, item: TimelineItem): TimelineWords {
  const { kind, data } = item;
  const currency = text(data, "currency");
  const money = (cents: number | undefined) =>
    cents === undefined
      ? undefined
      : format.money(cents, currency && /^[A-Z]{3}$/.test(currency) ? { currency } : {});
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(" · ") || undefined;

  switch (kind) {
    case "ticket": {
      const subject = text(data, "subject", "title");
      const closed = Boolean(item.endedAt);
      const satisfaction = number(data, "satisfaction");
      return {
        title: subject
          ? say(closed ? "ticketClosedSubject" : "ticketSubject", { subject })
          : say(closed ? "ticketClosed" : "ticket"),
        quote: text(data, "comment"),
        detail: join(
          word("priority", text(data, "priority")),
          data.escalation === true || data.escalated === true ? say("escalated") : undefined,
          satisfaction === undefined
            ? undefined
            : say("satisfaction", { n: format.number(satisfaction, { digits: 1 }) }),
        ),
      };
    }
    case "survey": {
      const survey = text(data, "survey")?.toLowerCase() ?? "";
      const score = number(data, "score");
      const max = SCALE[survey];
      const name = i18n.exists(`common:health.survey.${survey}`)
        ? i18n.t(`common:health.survey.${survey}`)
        : say("surveyOther");
      return {
        title:
          score === undefined
            ? say("surveyNoScore", { survey: name })
            : max === undefined
              ? say("survey", { survey: name, score: format.number(score, { digits: 1 }) })
              : say("surveyOf", {
                  survey: name,
                  score: format.number(score, { digits: 1 }),
                  max: format.number(max),
                }),
        quote: text(data, "comment"),
      };
    }
    case "message": {
      const from = text(data, "from", "author");
      const subject = text(data, "subject");
      return {
        title: from
          ? say("messageFrom", { from })
          : subject
            ? say("messageSubject", { subject })
            : say("message"),
        quote: text(data, "text", "body", "comment"),
        detail: join(word("channel", text(data, "channel", "type")), from ? subject : undefined),
      };
    }
    case "meeting":
      return {
        title: text(data, "subject", "title")
          ? say("meetingSubject", { subject: text(data, "subject", "title") })
          : say("meeting"),
        quote: text(data, "notes", "comment"),
      };
    case "payment": {
      const amount = money(number(data, "amountCents"));
      const status = text(data, "status")?.toLowerCase();
      const known = ["paid", "failed", "refunded", "overdue", "due"].includes(status ?? "");
      const key = known ? `payment_${status}` : "payment";
      return {
        title: amount ? say(`${key}_amount`, { amount }) : say(key),
        detail: join(text(data, "invoice", "number"), known ? undefined : text(data, "status")),
      };
    }
    case "outcome": {
      const name = text(data, "name", "title");
      return {
        title: name ? say("outcomeName", { name }) : say("outcome"),
        detail: money(number(data, "valueCents", "amountCents")),
        quote: text(data, "comment"),
      };
    }
    case "metric": {
      const name = text(data, "name", "metric");
      const value = number(data, "value");
      return {
        title:
          name && value !== undefined
            ? say("metricValue", { name, value: format.number(value, { digits: 2 }) })
            : name
              ? say("metricName", { name })
              : say("metric"),
      };
    }
    case "churn_reason": {
      const reason = text(data, "reason");
      return {
        title: reason ? say("churnReason", { reason }) : say("churn"),
        quote: text(data, "comment", "feedback", "feedbackText"),
      };
    }
    case "mrr": {
      const movement = text(data, "kind") ?? "";
      const key = `${ROOT}.mrr.${movement}`;
      const delta = number(data, "deltaCents");
      const after = number(data, "afterCents", "mrrAfterCents");
      return {
        title: i18n.exists(key)
          ? i18n.t(key, { delta: format.money(delta, { signed: true }) })
          : say("mrr.other", { delta: format.money(delta, { signed: true }) }),
        detail: after === undefined ? undefined : say("mrr.after", { amount: format.money(after) }),
      };
    }
    case "health": {
      const from = number(data, "from");
      const to = number(data, "to");
      if (from !== undefined && to !== undefined)
        return {
          title: say("healthFromTo", { from: format.number(from), to: format.number(to) }),
          detail: data.recomputed === true ? say("recomputed") : undefined,
        };
      if (to !== undefined) return { title: say("healthTo", { to: format.number(to) }) };
      return { title: say("healthLost") };
    }
    default:
      return { title: say("other", { kind }) };
  }
}

/** Good news, bad news or neither: gives the icon its tint; the words say it as well. */
export function timelineTone({
  kind,
  data,
  endedAt,
}: TimelineItem): "good" | "bad" | "watch" | "none" {
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
      return ["failed", "overdue"].includes(String(data.status)) ? "bad" : "none";
    case "churn_reason":
      return "bad";
    case "outcome":
      return "good";
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

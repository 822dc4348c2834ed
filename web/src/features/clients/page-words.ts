/** Plain sentences of the timeline. The data of a signal is what its source sent: nothing is assumed. */
import { daysBetween, type Format } from "@/lib/format";
import { i18n } from "@/lib/i18n";
import { detectorName } from "@/lib/opportunity-words";
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

/** The words that only the client's page needs. */
const told = (key: string, values: Record<string, unknown> = {}) =>
  i18n.t(`client:timeline.${key}`, values);

function text(data: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const name of names) {
    const value = data[name];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return undefined;
}
export function number(data: Record<string, unknown>, ...names: string[]): number | undefined {
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
export const SCALE: Record<string, number> = { nps: 10, csat: 5, ces: 7 };

/** "E-mail received": by channel and by who began, as far as the source says. */
function exchange(channel: string | undefined, direction: string | undefined): string {
  for (const parts of [[direction, channel], [direction], [channel]]) {
    const key = ["message", ...parts].join("_");
    if (!parts.includes(undefined) && i18n.exists(`${ROOT}.${key}`)) return say(key);
  }
  return say("message");
}

const minutesBetween = (from: string, to: string) =>
  Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

/** An invoice: what it is worth, when it was due, whether it was paid, and how late. */
function invoiceWords(
  format: Format,
  item: TimelineItem,
  amount: string | undefined,
  join: (...parts: (string | undefined)[]) => string | undefined,
): TimelineWords {
  const { data } = item;
  const due = text(data, "dueDate");
  const invoice = text(data, "number", "invoice");
  if (!due) {
    const status = text(data, "status")?.toLowerCase();
    const known = ["paid", "failed", "refunded", "overdue", "due"].includes(status ?? "");
    const key = known ? `payment_${status}` : "payment";
    return {
      title: amount ? say(`${key}_amount`, { amount }) : say(key),
      detail: join(invoice, known ? undefined : text(data, "status")),
    };
  }
  const late = invoiceLateDays(format, item);
  const paid = item.endedAt;
  const days = i18n.t("common:health.unit.days", { count: late, n: format.number(late) });
  const state = paid
    ? say(late > 0 ? "invoicePaidLate" : "invoicePaid", { day: format.date(paid), days })
    : say(late > 0 ? "invoiceLate" : "invoiceDue", { day: format.date(due), days });
  return {
    title: amount ? say("invoice_amount", { amount }) : say("invoice"),
    detail: join(state, invoice),
  };
}

/** By how many days an invoice was paid late, or is late today. */
export function invoiceLateDays(format: Format, { data, endedAt }: TimelineItem): number {
  const due = text(data, "dueDate");
  if (!due || !/^\d{4}-\d{2}-\d{2}$/.test(due)) return 0;
  const until = endedAt ? format.dayOf(endedAt) : format.today();
  return Math.max(0, daysBetween(due, until));
}

export function timelineWords(format: Format, item: TimelineItem): TimelineWords {
  const words = factWords(format, item);
  const author = item.byHand ? text(item.data, "author") : undefined;
  if (!author) return words;
  const recorded = told("recordedBy", { author });
  return { ...words, detail: words.detail ? `${words.detail} · ${recorded}` : recorded };
}

function factWords(format: Format, item: TimelineItem): TimelineWords {
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
      const subject = text(data, "subject");
      const channel = text(data, "channel", "type")?.toLowerCase();
      const what = exchange(channel, text(data, "direction")?.toLowerCase());
      // Who recorded it by hand did not write it.
      const from = text(data, "from", ...(item.byHand ? [] : ["author"]));
      return {
        title: subject ? say("withSubject", { what, subject }) : what,
        quote: text(data, "text", "body", "comment"),
        detail: join(from && say("from", { from })),
      };
    }
    case "meeting": {
      const subject = text(data, "subject", "title");
      const minutes = item.endedAt ? minutesBetween(item.at, item.endedAt) : 0;
      return {
        title: subject ? say("meetingSubject", { subject }) : say("meeting"),
        quote: text(data, "notes", "comment"),
        detail:
          minutes > 0 ? say("minutes", { count: minutes, n: format.number(minutes) }) : undefined,
      };
    }
    case "payment":
      return invoiceWords(format, item, money(number(data, "amountCents")), join);
    case "outcome": {
      const name = text(data, "label", "name", "title");
      return {
        title: name ? say("outcomeName", { name }) : say("outcome"),
        detail: money(number(data, "amountCents", "valueCents")),
        quote: text(data, "comment"),
      };
    }
    case "metric": {
      const name = text(data, "name", "metric");
      const value = number(data, "value");
      const limit = number(data, "limit");
      const write = (of: number) => format.number(of, { digits: 2 });
      return {
        title:
          name && value !== undefined
            ? limit
              ? say("metricQuota", {
                  name,
                  value: write(value),
                  limit: write(limit),
                  pct: format.percent(value / limit, { digits: 0 }),
                })
              : say("metricValue", { name, value: write(value) })
            : name
              ? say("metricName", { name })
              : say("metric"),
      };
    }
    case "pulse": {
      const author = text(data, "author");
      const value = format.number(number(data, "value"));
      return {
        title: author ? say("pulse", { author, value }) : say("pulseNobody", { value }),
        quote: text(data, "note"),
      };
    }
    case "churn_reason": {
      const reason = word("reason", text(data, "reason"));
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
    case "note": {
      const author = text(data, "author");
      return {
        title: author ? told("note", { author }) : told("noteNobody"),
        detail: text(data, "editedAt")
          ? told("noteEdited", { when: format.relative(text(data, "editedAt")) })
          : undefined,
      };
    }
    case "task": {
      const title = text(data, "title") ?? told("taskUntitled");
      const due = text(data, "due");
      const doneBy = text(data, "doneBy");
      return {
        title: told(item.endedAt ? "taskDone" : "task", { title }),
        detail: join(
          item.endedAt
            ? told(doneBy ? "taskDoneBy" : "taskDoneOn", {
                who: doneBy,
                day: format.date(format.dayOf(item.endedAt)),
              })
            : due && told("taskDue", { day: format.date(due) }),
          text(data, "owner"),
        ),
      };
    }
    case "opportunity": {
      const state = text(data, "state") ?? "open";
      const what = detectorName(text(data, "detector") ?? "");
      const key = `opportunity.${state}`;
      const won = number(data, "amountCents");
      const expected = number(data, "expectedCents");
      return {
        title: i18n.exists(`client:timeline.${key}`)
          ? told(key, { what })
          : told("opportunity.other", { what }),
        quote: text(data, "note"),
        detail: join(
          won !== undefined
            ? money(won)
            : state === "open" && expected
              ? told("expected", { amount: format.money(expected) })
              : undefined,
          text(data, "by"),
        ),
      };
    }
    case "journey":
      return stageWords(format, data, join);
    case "file":
      return { title: say("file", { name: text(data, "name") ?? "" }), detail: text(data, "by") };
    case "change":
      return changeWords(format, data);
    default:
      return { title: say("other", { kind }) };
  }
}

/** A stay in a stage: since when, how it ended and why. */
function stageWords(
  format: Format,
  data: Record<string, unknown>,
  join: (...parts: (string | undefined)[]) => string | undefined,
): TimelineWords {
  const label = data.label && typeof data.label === "object" ? data.label : {};
  const stage = text(label as Record<string, unknown>, i18n.language) ?? text(data, "stage");
  const outcome = text(data, "outcome");
  const days = number(data, "days") ?? 0;
  const key = `journey.${outcome}`;
  return {
    title: stage ? told("journey.entered", { stage }) : told("journey.other"),
    quote: text(data, "reason"),
    detail: join(
      outcome && i18n.exists(`client:timeline.${key}_other`)
        ? told(key, { count: days, n: format.number(days) })
        : undefined,
      data.inferred === true ? told("journey.inferred") : undefined,
      text(data, "by"),
    ),
  };
}

/** Who changed what of the client: up to three fields with their values, the others by number. */
function changeWords(format: Format, data: Record<string, unknown>): TimelineWords {
  const operation = (text(data, "operation") ?? "").replace("clients.", "");
  const by =
    text(data, "by") ?? told(data.actorKind === "person" ? "change.somebody" : "change.essor");
  const key = `change.${operation}`;
  const objects = [data.before, data.after].map((side) =>
    side && typeof side === "object" ? (side as Record<string, unknown>) : {},
  );
  const [before = {}, after = {}] = objects;
  const named = Object.keys(after).filter((field) => i18n.exists(`client:field.${field}`));
  const shown = (field: string, value: unknown) =>
    value == null || value === ""
      ? i18n.t("client:value.none")
      : typeof value === "boolean"
        ? i18n.t(value ? "client:value.yes" : "client:value.no")
        : typeof value === "number"
          ? format.number(value)
          : field === "since"
            ? format.date(String(value))
            : String(value);
  const lines = operation === "update" || operation === "upsert" ? named.slice(0, 3) : [];
  const parts = lines.map((field) =>
    told("change.field", {
      field: i18n.t(`client:field.${field}`),
      from: shown(field, before[field]),
      to: shown(field, after[field]),
    }),
  );
  const rest = lines.length > 0 ? named.length - lines.length : 0;
  if (rest > 0) parts.push(told("change.rest", { count: rest, n: format.number(rest) }));
  return {
    title: i18n.exists(`client:timeline.${key}`) ? told(key, { by }) : told("change.other", { by }),
    detail: parts.join(" · ") || undefined,
  };
}

/** A signal recorded by hand: what is typed, what is wrong with it, and what is sent. */
import type { Narrow, Schemas } from "@/lib/api";
import { type Refusal, required } from "@/lib/form";
import type { Format } from "@/lib/format";
import { cents, euros, parseNumber } from "@/lib/typed";
import type { HandKind, TimelineItem } from "./api";

export type HandSignalBody = Narrow<
  Schemas["HandSignalBody"],
  { kind: HandKind; data: Record<string, unknown> }
>;

export const CHANNELS = ["email", "call", "chat", "note"] as const;
export const DIRECTIONS = ["in", "out"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export const SURVEYS = ["nps", "csat", "ces"] as const;
/** Those of which the timeline has words. */
export const REASONS = [
  "price",
  "budget",
  "competitor",
  "usage",
  "support",
  "features",
  "closure",
  "timing",
  "other",
  "unknown",
] as const;

const BOUNDS: Record<string, readonly [min: number, max: number]> = {
  nps: [0, 10],
  csat: [1, 5],
  ces: [1, 7],
};
export const boundsOf = (survey: string) => BOUNDS[survey] ?? [0, 10];

/** All as typed; each kind has use for some of it. */
export interface Draft {
  kind: HandKind;
  day: string;
  time: string;
  /** When a ticket was closed, an invoice paid. */
  endDay: string;
  endTime: string;
  /** How long a meeting lasted. */
  minutes: string;
  contactId: string;
  channel: string;
  direction: string;
  subject: string;
  text: string;
  priority: string;
  satisfaction: string;
  amount: string;
  dueDate: string;
  number: string;
  label: string;
  name: string;
  value: string;
  limit: string;
  survey: string;
  score: string;
  reason: string;
  comment: string;
}

/** The field of the form for each field that the server may refuse. */
export const FIELD_OF: Record<string, keyof Draft> = {
  occurredAt: "day",
  endedAt: "endDay",
  "data.channel": "channel",
  "data.direction": "direction",
  "data.subject": "subject",
  "data.text": "text",
  "data.priority": "priority",
  "data.satisfaction": "satisfaction",
  "data.amountCents": "amount",
  "data.currency": "amount",
  "data.dueDate": "dueDate",
  "data.number": "number",
  "data.label": "label",
  "data.name": "name",
  "data.value": "value",
  "data.limit": "limit",
  "data.survey": "survey",
  "data.score": "score",
  "data.reason": "reason",
  "data.comment": "comment",
};

const MINUTE = 60_000;

/** The currency of its amount: that of the workspace, unless it was recorded in another. */
export function currencyOf(format: Format, item?: TimelineItem): string {
  const { currency } = item?.data ?? {};
  return typeof currency === "string" && /^[A-Z]{3}$/.test(currency) ? currency : format.currency;
}

/** What to begin typing from: what happened just now, or what was recorded. */
export function draftOf(format: Format, now: Date, item?: TimelineItem): Draft {
  const at = item?.at ?? now;
  const end = item?.endedAt;
  const text = (key: string, otherwise = "") => {
    if (!item) return otherwise;
    const value = item.data[key];
    return typeof value === "string" ? value : "";
  };
  const number = (key: string, write: (value: number) => string) => {
    const value = item?.data[key];
    return typeof value === "number" ? write(value) : "";
  };
  const plain = (value: number) => format.number(value, { digits: 10 });
  const minor = format.minorUnits(currencyOf(format, item));
  return {
    kind: (item?.kind ?? "meeting") as HandKind,
    day: format.dayOf(at),
    time: format.time(at),
    endDay: end ? format.dayOf(end) : "",
    endTime: end ? format.time(end) : "",
    minutes:
      item && end ? String(Math.round((Date.parse(end) - Date.parse(item.at)) / MINUTE) || "") : "",
    contactId: item?.contactId ?? "",
    channel: text("channel", "call"),
    direction: text("direction", "out"),
    subject: text("subject"),
    text: text("text"),
    priority: text("priority", "normal"),
    satisfaction: number("satisfaction", plain),
    amount: number("amountCents", (value) => euros(value, minor, format.locale)),
    dueDate: text("dueDate"),
    number: text("number"),
    label: text("label"),
    name: text("name"),
    value: number("value", plain),
    limit: number("limit", plain),
    survey: text("survey", "nps"),
    score: number("score", plain),
    reason: text("reason"),
    comment: text("comment"),
  };
}

const hasEnd = (kind: HandKind) => kind === "ticket" || kind === "payment";
/** An invoice is of a day. */
export const hasTime = (kind: HandKind) => kind !== "payment";

interface Moments {
  at: Date | null;
  end: Date | null;
}

/** When it began and ended. What was not touched of a recorded one keeps its seconds. */
function momentsOf(format: Format, draft: Draft, now: Date, item?: TimelineItem): Moments {
  const before = item && draftOf(format, now, item);
  const kept = (at: string | null | undefined, ...fields: (keyof Draft)[]) =>
    at && before && fields.every((field) => before[field] === draft[field]) ? new Date(at) : null;
  const moment = (day: string, time: string) => {
    if (hasTime(draft.kind)) return format.instantOf(day, time);
    // Noon is that day for whoever reads it; today's may still lie ahead.
    const noon = format.instantOf(day, "12:00");
    return noon && noon > now && day === format.dayOf(now) ? now : noon;
  };
  const at = kept(item?.at, "day", "time") ?? moment(draft.day, draft.time);
  if (!hasEnd(draft.kind)) {
    const minutes = parseNumber(draft.minutes, format.locale);
    const length = at && minutes !== null ? new Date(at.getTime() + minutes * MINUTE) : null;
    return { at, end: kept(item?.endedAt, "day", "time", "minutes") ?? length };
  }
  if (draft.endDay === "") return { at, end: null };
  const end = kept(item?.endedAt, "endDay", "endTime") ?? moment(draft.endDay, draft.endTime);
  // Paid on the day on which it was issued, whatever the hours.
  const sameDay = !hasTime(draft.kind) && draft.endDay === draft.day;
  return { at, end: sameDay && at && end && end < at ? at : end };
}

type Found = Record<string, Refusal | undefined>;

/** The server's limits, in characters. */
const LINE = 200;
const TEXT = 2000;
const FUTURE: Refusal = { code: "clients_signal_in_future" };

function short(text: string, max = LINE): Refusal | undefined {
  return [...text.trim()].length > max ? { code: "field_too_long", params: { max } } : undefined;
}
const line = (text: string) => required(text) ?? short(text);

function dated(day: string): Refusal | undefined {
  if (day === "") return { code: "field_required" };
  return /^(19|20|21)\d\d-/.test(day) ? undefined : { code: "growth_day_invalid" };
}

/** What is wrong with it, by field of the form; the same as the server would say. */
export function checkDraft(format: Format, draft: Draft, now: Date, item?: TimelineItem): Found {
  const { at, end } = momentsOf(format, draft, now, item);
  const ahead = at !== null && at > now;
  const tomorrow = draft.day > format.dayOf(now);
  return {
    day: dated(draft.day) ?? (ahead && tomorrow ? FUTURE : undefined),
    time: hasTime(draft.kind)
      ? (required(draft.time) ?? (ahead && !tomorrow ? FUTURE : undefined))
      : undefined,
    ...checkEnd(format, draft, { at, end }, now),
    ...checkFacts(format, draft, item),
  };
}

function checkEnd(format: Format, draft: Draft, { at, end }: Moments, now: Date): Found {
  const late = end && end > now ? FUTURE : undefined;
  if (draft.kind === "meeting") {
    return { minutes: within(format, draft.minutes, 1, 1440) ?? late };
  }
  if (!hasEnd(draft.kind)) return {};
  const { endDay, endTime } = draft;
  const asked = endDay !== "" || (hasTime(draft.kind) && endTime !== "");
  return {
    endDay: asked
      ? (dated(endDay) ??
        (at && end && end < at ? { code: "growth_range_invalid" } : undefined) ??
        late)
      : undefined,
    endTime: asked && hasTime(draft.kind) ? required(endTime) : undefined,
  };
}

/** A number that may be left out. */
function within(format: Format, typed: string, min: number, max: number): Refusal | undefined {
  if (typed.trim() === "") return undefined;
  const value = parseNumber(typed, format.locale);
  if (value === null) return { code: "number_invalid" };
  return value < min || value > max ? { code: "field_range", params: { min, max } } : undefined;
}

/** An amount with all the decimals that its currency has: `0,00`. */
const pattern = (format: Format, minor: number) =>
  format.number(0, { digits: String(minor).length - 1, fixed: true });

function checkFacts(format: Format, draft: Draft, item?: TimelineItem): Found {
  const number = (typed: string) => parseNumber(typed, format.locale);
  const numeric = (typed: string) =>
    typed.trim() !== "" && number(typed) === null ? { code: "number_invalid" } : undefined;
  const amount = () => {
    const typed = number(draft.amount);
    const minor = format.minorUnits(currencyOf(format, item));
    return (
      required(draft.amount) ??
      numeric(draft.amount) ??
      (typed !== null && typed < 0 ? { code: "growth_amount_negative" } : undefined) ??
      (cents(draft.amount, minor, format.locale) === null
        ? { code: "field_type", params: { expected: pattern(format, minor) } }
        : undefined)
    );
  };
  switch (draft.kind) {
    case "meeting":
      return { subject: line(draft.subject) };
    case "message":
      return {
        subject: short(draft.subject),
        // One of the two says something.
        text: (draft.subject.trim() ? undefined : required(draft.text)) ?? short(draft.text, TEXT),
      };
    case "ticket":
      return {
        subject: line(draft.subject),
        satisfaction: within(format, draft.satisfaction, 1, 5),
      };
    case "payment":
      return { amount: amount(), dueDate: dated(draft.dueDate), number: short(draft.number) };
    case "outcome":
      return { label: line(draft.label), amount: amount() };
    case "metric":
      return {
        name: line(draft.name),
        value: required(draft.value) ?? numeric(draft.value),
        limit:
          numeric(draft.limit) ??
          ((number(draft.limit) ?? 1) > 0 ? undefined : { code: "number_positive" }),
      };
    case "survey":
      return {
        score: required(draft.score) ?? within(format, draft.score, ...boundsOf(draft.survey)),
        comment: short(draft.comment, TEXT),
      };
    case "churn_reason":
      return { reason: line(draft.reason), comment: short(draft.comment, TEXT) };
  }
}

/** What is sent. What a recorded one says beyond the form stays; who recorded it is the server's to say. */
export function bodyOf(
  format: Format,
  draft: Draft,
  now: Date,
  item?: TimelineItem,
): HandSignalBody {
  const { at, end } = momentsOf(format, draft, now, item);
  return {
    kind: draft.kind,
    occurredAt: (at ?? now).toISOString(),
    endedAt: end?.toISOString() ?? null,
    contactId: draft.contactId || null,
    data: { ...item?.data, author: undefined, ...factsOf(format, draft, item) },
  };
}

/** The facts of its kind; what is undefined is not sent. */
function factsOf(format: Format, draft: Draft, item?: TimelineItem): Record<string, unknown> {
  const said = (typed: string) => typed.trim() || undefined;
  const number = (typed: string) => parseNumber(typed, format.locale) ?? undefined;
  const money = () => {
    const currency = currencyOf(format, item);
    const amountCents = cents(draft.amount, format.minorUnits(currency), format.locale);
    return { amountCents, currency };
  };
  switch (draft.kind) {
    case "meeting":
      return { subject: said(draft.subject) };
    case "message":
      return {
        channel: said(draft.channel),
        direction: said(draft.direction),
        subject: said(draft.subject),
        text: said(draft.text),
      };
    case "ticket":
      return {
        subject: said(draft.subject),
        priority: said(draft.priority),
        satisfaction: number(draft.satisfaction),
      };
    case "payment":
      return { ...money(), dueDate: draft.dueDate, number: said(draft.number) };
    case "outcome":
      return { ...money(), label: said(draft.label) };
    case "metric":
      return {
        name: said(draft.name),
        value: number(draft.value),
        limit: number(draft.limit),
      };
    case "survey":
      return {
        survey: draft.survey,
        score: number(draft.score),
        comment: said(draft.comment),
      };
    case "churn_reason":
      return { reason: said(draft.reason), comment: said(draft.comment) };
  }
}

import { beforeAll, describe, expect, it } from "vitest";
import { errorCodeText, i18n } from "@/lib/i18n";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { HAND_KINDS, isByHand, type TimelineItem } from "./api";
import { bodyOf, checkDraft, type Draft, draftOf, REASONS } from "./page-signal";

/** 11:00 in Paris. */
const now = new Date("2026-11-23T10:00:00Z");
const fr = formatOf("fr");
const en = formatOf("en");

const typed = (of: Partial<Draft>, format = fr): Draft => ({ ...draftOf(format, now), ...of });
const found = (of: Partial<Draft>, format = fr, item?: TimelineItem) =>
  Object.fromEntries(
    Object.entries(checkDraft(format, typed(of, format), now, item))
      .filter(([, refusal]) => refusal)
      .map(([field, refusal]) => [field, refusal?.code]),
  );

const item = (of: Partial<TimelineItem>): TimelineItem => ({
  id: "s",
  kind: "meeting",
  at: "2026-11-20T09:30:12.345Z",
  byHand: true,
  data: {},
  ...of,
});

/** One of each kind that nothing is wrong with, as it is typed and as it is sent. */
const GOOD: [of: Partial<Draft>, body: Record<string, unknown>][] = [
  [
    { kind: "meeting", subject: " Revue ", minutes: "45", day: "2026-11-20", time: "14:30" },
    {
      occurredAt: "2026-11-20T13:30:00.000Z",
      endedAt: "2026-11-20T14:15:00.000Z",
      contactId: null,
      data: { subject: "Revue" },
    },
  ],
  [
    { kind: "message", text: "Content", direction: "in", contactId: "c1" },
    {
      occurredAt: "2026-11-23T10:00:00.000Z",
      endedAt: null,
      contactId: "c1",
      data: { channel: "call", direction: "in", text: "Content" },
    },
  ],
  [
    {
      kind: "ticket",
      subject: "Export",
      priority: "high",
      satisfaction: "4",
      day: "2026-11-20",
      time: "09:00",
      endDay: "2026-11-21",
      endTime: "10:00",
    },
    {
      occurredAt: "2026-11-20T08:00:00.000Z",
      endedAt: "2026-11-21T09:00:00.000Z",
      data: { subject: "Export", priority: "high", satisfaction: 4 },
    },
  ],
  [
    {
      kind: "payment",
      amount: "1 234,50",
      dueDate: "2026-12-20",
      number: "F-1",
      day: "2026-11-20",
      endDay: "2026-11-22",
    },
    {
      occurredAt: "2026-11-20T11:00:00.000Z",
      endedAt: "2026-11-22T11:00:00.000Z",
      data: { amountCents: 123_450, currency: "EUR", dueDate: "2026-12-20", number: "F-1" },
    },
  ],
  [
    { kind: "outcome", label: "Temps gagné", amount: "500" },
    { endedAt: null, data: { amountCents: 50_000, currency: "EUR", label: "Temps gagné" } },
  ],
  [
    { kind: "metric", name: "Go", value: "−3,5", limit: "50" },
    { data: { name: "Go", value: -3.5, limit: 50 } },
  ],
  [
    { kind: "survey", survey: "ces", score: "7", comment: "Simple" },
    { data: { survey: "ces", score: 7, comment: "Simple" } },
  ],
  [{ kind: "churn_reason", reason: "price", comment: "" }, { data: { reason: "price" } }],
];

it.each(GOOD)("sends %j", (of, body) => {
  expect(found(of)).toEqual({});
  const sent = JSON.parse(JSON.stringify(bodyOf(fr, typed(of), now)));
  expect(sent).toMatchObject({ kind: of.kind, ...body });
  expect(sent.data).toEqual(body.data);
});

it("has one of each kind", () => {
  expect(GOOD.map(([of]) => of.kind).sort()).toEqual([...HAND_KINDS].sort());
});

it.each<[of: Partial<Draft>, refused: Record<string, string>]>([
  [{}, { subject: "field_required" }],
  [{ subject: "x".repeat(201) }, { subject: "field_too_long" }],
  [{ subject: "é".repeat(200) }, {}],
  [{ subject: "R", day: "" }, { day: "field_required" }],
  [{ subject: "R", day: "0026-11-20" }, { day: "growth_day_invalid" }],
  [{ subject: "R", day: "20260-11-20" }, { day: "growth_day_invalid" }],
  [{ subject: "R", time: "" }, { time: "field_required" }],
  [{ subject: "R", day: "2026-11-24" }, { day: "clients_signal_in_future" }],
  [{ subject: "R", time: "11:01" }, { time: "clients_signal_in_future" }],
  [{ subject: "R", time: "11:00" }, {}],
  [{ subject: "R", minutes: "30" }, { minutes: "clients_signal_in_future" }],
  [{ subject: "R", time: "10:30", minutes: "30" }, {}],
  [{ subject: "R", minutes: "une heure" }, { minutes: "number_invalid" }],
  [{ subject: "R", minutes: "0" }, { minutes: "field_range" }],
  [{ kind: "message" }, { text: "field_required" }],
  [{ kind: "message", subject: "Devis" }, {}],
  [{ kind: "message", text: "x".repeat(2001) }, { text: "field_too_long" }],
  [{ kind: "ticket", subject: "T", satisfaction: "6" }, { satisfaction: "field_range" }],
  [{ kind: "ticket", subject: "T", endDay: "2026-11-22" }, { endTime: "field_required" }],
  [{ kind: "ticket", subject: "T", endTime: "10:00" }, { endDay: "field_required" }],
  [
    { kind: "ticket", subject: "T", endDay: "2026-11-22", endTime: "10:00" },
    { endDay: "growth_range_invalid" },
  ],
  [
    { kind: "ticket", subject: "T", endDay: "2026-11-24", endTime: "10:00" },
    { endDay: "clients_signal_in_future" },
  ],
  [{ kind: "payment" }, { amount: "field_required", dueDate: "field_required" }],
  [{ kind: "payment", amount: "-5", dueDate: "2026-12-01" }, { amount: "growth_amount_negative" }],
  [{ kind: "payment", amount: "1,005", dueDate: "2026-12-01" }, { amount: "field_type" }],
  [{ kind: "payment", amount: "cent", dueDate: "2026-12-01" }, { amount: "number_invalid" }],
  // It is of a day: the time, which is not asked for, is not looked at.
  [{ kind: "payment", amount: "5", dueDate: "2026-12-01", time: "", endTime: "10:00" }, {}],
  [{ kind: "outcome", amount: "5" }, { label: "field_required" }],
  [{ kind: "metric", name: "Go" }, { value: "field_required" }],
  [{ kind: "metric", name: "Go", value: "beaucoup" }, { value: "number_invalid" }],
  [
    { kind: "metric", value: "3", limit: "0" },
    { name: "field_required", limit: "number_positive" },
  ],
  [{ kind: "survey", score: "11" }, { score: "field_range" }],
  [{ kind: "survey", score: "0" }, {}],
  [{ kind: "survey", survey: "csat", score: "0" }, { score: "field_range" }],
  [{ kind: "churn_reason" }, { reason: "field_required" }],
])("says what is wrong with %j", (of, refused) => {
  expect(found(of)).toEqual(refused);
});

it("reads amounts and numbers in the reader's language", () => {
  const sent = (of: Partial<Draft>, format = fr) => bodyOf(format, typed(of, format), now).data;
  expect(sent({ kind: "outcome", label: "x", amount: "12,500" }, en)).toMatchObject({
    amountCents: 1_250_000,
  });
  expect(sent({ kind: "outcome", label: "x", amount: "12,50" })).toMatchObject({
    amountCents: 1250,
  });
  expect(sent({ kind: "metric", name: "x", value: "1,234.5" }, en)).toMatchObject({
    value: 1234.5,
  });
});

it("puts an invoice of today before now, and one paid on its day at its moment", () => {
  const early = new Date("2026-11-23T07:00:00Z");
  const of = typed({ kind: "payment", amount: "5", dueDate: "2026-12-01", endDay: "2026-11-23" });
  const body = bodyOf(fr, of, early);
  expect(body.occurredAt).toBe(early.toISOString());
  expect(body.endedAt).toBe(early.toISOString());
  expect(checkDraft(fr, of, early).endDay).toBeUndefined();
});

describe("one that was recorded", () => {
  it.each<Partial<TimelineItem>>([
    { data: { subject: "Revue" }, endedAt: "2026-11-20T10:15:12.345Z", contactId: "c1" },
    { kind: "message", data: { text: "Bonjour" } },
    { kind: "ticket", data: { subject: "T", priority: "low", satisfaction: 4.5 } },
    {
      kind: "payment",
      data: { amountCents: 1250, currency: "JPY", dueDate: "2026-12-01" },
      endedAt: "2026-11-20T09:30:12.345Z",
    },
    { kind: "outcome", data: { amountCents: 1_234_567, label: "x", currency: "USD" } },
    { kind: "metric", data: { name: "Go", value: -1234567.25, limit: 2_000_000 } },
    { kind: "survey", data: { survey: "nps", score: 9 } },
    { kind: "churn_reason", data: { reason: "fusion", comment: "Rachat" } },
  ])("is sent back as it was when nothing is changed: %j", (of) => {
    const recorded = item({ endedAt: null, contactId: null, ...of });
    const { kind, at, endedAt, contactId, data } = recorded;
    for (const format of [fr, en]) {
      const draft = draftOf(format, now, recorded);
      expect(Object.values(checkDraft(format, draft, now, recorded)).filter(Boolean)).toEqual([]);
      const sent = JSON.parse(JSON.stringify(bodyOf(format, draft, now, recorded)));
      expect(sent).toEqual({ kind, occurredAt: at, endedAt, contactId, data });
    }
  });

  it("keeps its length when it is moved, and what the form does not know", () => {
    const recorded = item({
      endedAt: "2026-11-20T10:15:12.345Z",
      data: { subject: "Revue", notes: "Ordre du jour", author: "Camille Roux" },
    });
    const draft = { ...draftOf(fr, now, recorded), day: "2026-11-19", subject: "Bilan" };
    const sent = JSON.parse(JSON.stringify(bodyOf(fr, draft, now, recorded)));
    expect(sent).toEqual({
      kind: "meeting",
      occurredAt: "2026-11-19T09:30:00.000Z",
      endedAt: "2026-11-19T10:15:00.000Z",
      contactId: null,
      // The server says who recorded it.
      data: { subject: "Bilan", notes: "Ordre du jour" },
    });
  });

  it("loses what is emptied", () => {
    const recorded = item({ kind: "ticket", data: { subject: "T", satisfaction: 2 } });
    const draft = { ...draftOf(fr, now, recorded), satisfaction: "" };
    expect(JSON.parse(JSON.stringify(bodyOf(fr, draft, now, recorded).data))).toEqual({
      subject: "T",
    });
  });

  it("may be corrected when a person recorded it, except an opinion", () => {
    expect(isByHand(item({}))).toBe(true);
    expect(isByHand(item({ byHand: false }))).toBe(false);
    expect(isByHand(item({ byHand: undefined }))).toBe(false);
    expect(isByHand(item({ kind: "pulse" }))).toBe(false);
  });
});

describe.each(LANGUAGES)("in %s", (language) => {
  beforeAll(() => speak(language, "clients", "client"));

  it("has words for every kind, reason and refusal", () => {
    for (const kind of HAND_KINDS) expect(i18n.exists(`client:signal.kinds.${kind}`)).toBe(true);
    for (const reason of REASONS)
      expect(i18n.exists(`clients:page.timeline.reason.${reason}`)).toBe(true);
    for (const code of ["clients_signal_in_future", "number_positive", "growth_range_invalid"])
      expect(errorCodeText(code)).toSatisfy(isSentence);
  });
});

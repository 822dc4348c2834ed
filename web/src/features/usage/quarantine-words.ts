/** Why a record was set aside, and what to do about it. */
import type { Format } from "@/lib/format";
import { errorCodeText, i18n } from "@/lib/i18n";

/** All the reasons for which a record is set aside. */
export const QUARANTINE_CODES = [
  "usage_not_an_object",
  "usage_invalid_json",
  "usage_message_id_missing",
  "usage_type_unknown",
  "usage_user_missing",
  "usage_event_missing",
  "usage_group_missing",
  "usage_group_unknown",
  "usage_previous_missing",
  "usage_timestamp_invalid",
  "usage_in_future",
  "usage_too_old",
  "usage_too_large",
  "usage_field_type",
  "field_too_long",
] as const;

const ROOT = "usage:quarantine";

export function reasonText(
  format: Format,
  code: string,
  params: Record<string, unknown> = {},
): string {
  const written: Record<string, unknown> = { ...params };
  const { timestamp, bytes, max, expected, type, field } = params;
  if (typeof timestamp === "string") {
    const text = format.dateTime(timestamp);
    written.timestamp = text === format.dateTime(null) ? timestamp : text;
  }
  if (typeof bytes === "number") written.bytes = format.number(bytes);
  if (typeof max === "number") written.max = format.number(max);
  if (typeof expected === "string") {
    const key = `${ROOT}.expected.${expected.replaceAll(" ", "_")}`;
    written.expected = i18n.exists(key) ? i18n.t(key) : expected;
  }
  if (code === "usage_type_unknown" && (type === null || type === undefined))
    return i18n.t(`${ROOT}.typeMissing`);
  const text = errorCodeText(code, written);
  // Codes shared with forms do not name the field: a record has many.
  return typeof field === "string" && !text.includes(field)
    ? i18n.t(`${ROOT}.inField`, { field, text })
    : text;
}

/** The way out; empty for a reason that this version does not know. */
export function remedyText(code: string): string {
  const key = `${ROOT}.remedy.${code}`;
  return i18n.exists(key) ? i18n.t(key) : "";
}

/** JSON laid out for reading; anything else as it came. */
export function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

/** Says what keeps a text from being JSON, or nothing. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

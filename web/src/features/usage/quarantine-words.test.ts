import { beforeAll, describe, expect, it } from "vitest";
import { formatOf, isSentence, LANGUAGES, speak } from "@/test/words";
import { pretty, QUARANTINE_CODES, reasonText, remedyText } from "./quarantine-words";
import { baseOf, SNIPPETS, snippet } from "./snippets";

const params: Record<string, Record<string, unknown>> = {
  usage_type_unknown: { type: "beam" },
  usage_timestamp_invalid: { field: "timestamp", value: "hier" },
  usage_in_future: { timestamp: "2031-01-01T00:00:00+00:00" },
  usage_too_old: { timestamp: "2024-01-01T00:00:00+00:00" },
  usage_too_large: { bytes: 40000, max: 32768 },
  usage_field_type: { field: "properties", expected: "text without NUL" },
  field_too_long: { field: "event", max: 512 },
};

describe.each(LANGUAGES)("in %s", (language) => {
  const format = formatOf(language);
  beforeAll(() => speak(language, "usage"));

  it.each(QUARANTINE_CODES)("says why and what to do: %s", (code) => {
    const reason = reasonText(format, code, params[code]);
    expect(reason).toSatisfy(isSentence);
    expect(reason).not.toBe(reasonText(format, "no_such_code"));
    expect(remedyText(code).length).toBeGreaterThan(3);
  });
  it("writes dates, sizes and fields for people", () => {
    expect(reasonText(format, "usage_in_future", params.usage_in_future)).not.toContain("T00");
    expect(reasonText(format, "usage_too_large", params.usage_too_large)).toMatch(/32.768/);
    expect(reasonText(format, "field_too_long", params.field_too_long)).toContain("event");
    expect(reasonText(format, "usage_type_unknown", { type: null })).toSatisfy(isSentence);
  });
});

it("lays JSON out and leaves the rest alone", () => {
  expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(pretty("{a")).toBe("{a");
});

it("writes the real address and the new key into every example that sends events", () => {
  expect(baseOf("https://essor.example/v1/batch")).toBe("https://essor.example");
  for (const name of SNIPPETS) {
    const code = snippet(name, "https://essor.example/v1/batch", "es_w_1");
    if (name !== "cli") expect(code, name).toContain("https://essor.example");
    if (!["cli", "rest"].includes(name)) expect(code, name).toContain("es_w_1");
  }
});

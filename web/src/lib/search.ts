/** Reading URL search parameters without trusting them: each helper returns a value or nothing. */
export type RawSearch = Record<string, unknown>;

export function oneOf<const T extends string | number>(
  value: unknown,
  allowed: readonly T[],
): T | undefined {
  return allowed.find((item) => item === value || String(item) === String(value ?? ""));
}

/** Several values from a fixed list, given as an array or separated by commas. */
export function someOf<const T extends string>(
  value: unknown,
  allowed: readonly T[],
): T[] | undefined {
  const asked = Array.isArray(value) ? value.map(String) : String(value ?? "").split(",");
  const found = allowed.filter((item) => asked.includes(item));
  return found.length > 0 ? found : undefined;
}

export function text(value: unknown, max = 200): string | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const trimmed = String(value).trim().slice(0, max);
  return trimmed === "" ? undefined : trimmed;
}

export function flag(value: unknown): true | undefined {
  return value === true || value === "true" || value === 1 || value === "1" ? true : undefined;
}

export function day(value: unknown): string | undefined {
  return typeof value === "string" &&
    /^\d{4}-\d{2}-\d{2}$/.test(value) &&
    !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

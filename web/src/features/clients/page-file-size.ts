/** A size of a file: kilobytes, or megabytes from one on. */
export function inUnits(bytes: number): { unit: "mega" | "kilo"; value: number; digits: number } {
  const mega = 1024 * 1024;
  return bytes >= mega
    ? { unit: "mega", value: bytes / mega, digits: 1 }
    : { unit: "kilo", value: Math.max(1, Math.round(bytes / 1024)), digits: 0 };
}

/** Hands a file to the person, made in the browser. */
import type { Locale } from "./format";

export type CsvCell = string | number | null | undefined;

export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Spreadsheets in French expect semicolons and decimal commas. */
export function toCsv(header: readonly string[], rows: readonly CsvCell[][], locale: Locale) {
  const separator = locale === "fr" ? ";" : ",";
  const write = (cell: CsvCell): string => {
    if (cell == null) return "";
    if (typeof cell === "number") {
      return locale === "fr" ? String(cell).replace(".", ",") : String(cell);
    }
    // A text that a spreadsheet would run as a formula is defused.
    const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
    return /["\n\r;,]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${[header, ...rows].map((row) => row.map(write).join(separator)).join("\r\n")}\r\n`;
}

/** The rows of a file that the server wrote: commas, quotes where a cell needs them. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A cell and what ends it: a comma, the end of the line, or that of the file.
  const cells = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y;
  while (cells.lastIndex < text.length) {
    const found = cells.exec(text);
    if (!found) break;
    const [, quoted, plain = "", end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return row.length > 0 ? [...rows, row] : rows;
}

export function downloadCsv(
  name: string,
  header: readonly string[],
  rows: readonly CsvCell[][],
  locale: Locale,
): void {
  download(`${name}.csv`, new Blob([toCsv(header, rows, locale)], { type: "text/csv" }));
}

/** A file name from a title. */
export function fileName(title: string): string {
  return (
    title
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "essor"
  );
}

/** The file of the matrix as its reader wants it: headers in their language, amounts as numbers. Pure. */
import type { TFunction } from "i18next";
import { type CsvCell, parseCsv } from "@/lib/download";

const HEAD = ["id", "client", "segment", "owner", "mrr", "potential", "expected"] as const;
/** Names come first; from here on there are only amounts. */
const AMOUNTS = HEAD.indexOf("mrr");

export function matrixSheet(
  t: TFunction<"opportunities">,
  file: string,
): { header: string[]; rows: CsvCell[][] } {
  const [named = [], ...rows] = parseCsv(file);
  // After the fixed columns each product has two: what is paid, and what is expected.
  const products = named.slice(HEAD.length);
  return {
    header: [
      ...HEAD.map((key) => t(`matrix.file.${key}`)),
      ...products.map((name, at) =>
        at % 2 === 0 ? name : t("matrix.file.expectedOf", { product: products[at - 1] }),
      ),
    ],
    rows: rows.map((row) =>
      row.map((cell, at) => (at < AMOUNTS ? cell : cell === "" ? null : Number(cell))),
    ),
  };
}

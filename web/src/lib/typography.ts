/**
 * French typography: a sign of two parts (`:` `;` `?` `!`), a quotation mark, `%`, `€` and a group of three digits
 * never leave the word before them. Translations are typed with plain spaces; here they become no-break ones, so that
 * whoever writes a sentence need not think of it.
 */
const NBSP = "\u00a0";

export function typeset(text: string): string {
  return text
    .replace(/ (?=[:;?!%€»×](?:\W|$))/g, NBSP)
    .replace(/« /g, `«${NBSP}`)
    .replace(/(?<=\d) (?=\d{3}(?!\d))/g, NBSP);
}

/** All texts of a file. */
export function typesetAll<Words>(words: Words): Words {
  if (typeof words === "string") return typeset(words) as Words;
  if (typeof words !== "object" || words === null) return words;
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, typesetAll(value)]),
  ) as Words;
}

/** What may be typed next in the text of an expression: names of facts, joining words, values. */

export interface Suggestion {
  /** What is put into the text. */
  text: string;
  /** What is shown. */
  label: string;
  detail?: string;
}

const WORD = /[\p{L}\p{N}_.-]*$/u;
const QUOTED = /"([^"]*)$/;

/** The word being typed at the caret, and where it begins. */
export function wordAt(
  text: string,
  caret: number,
): { from: number; word: string; quoted: boolean } {
  const before = text.slice(0, caret);
  const open = (before.match(/"/g)?.length ?? 0) % 2 === 1;
  if (open) {
    const word = QUOTED.exec(before)?.[1] ?? "";
    return { from: caret - word.length - 1, word, quoted: true };
  }
  const word = WORD.exec(before)?.[0] ?? "";
  return { from: caret - word.length, word, quoted: false };
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The fact that the value at the caret is compared with: the last one named before it. */
export function factBefore(
  text: string,
  from: number,
  keys: readonly string[],
): string | undefined {
  const known = new Set(keys);
  // Values between quotes are not names.
  const words =
    text
      .slice(0, from)
      .replace(/"[^"]*"/g, "")
      .match(/[\w.-]+/g) ?? [];
  return words.reverse().find((word) => known.has(word.toLowerCase()));
}

export interface Known {
  key: string;
  label: string;
  choices: readonly string[];
}

const JOINERS = [
  "and",
  "or",
  "not",
  "in",
  "contains",
  "starts with",
  "has",
  "has not",
  "is empty",
  "is not empty",
  "days ago",
  "today",
];
const MOST = 8;

export function suggestions(text: string, caret: number, facts: readonly Known[]): Suggestion[] {
  const { from, word, quoted } = wordAt(text, caret);
  const asked = plain(word);
  const fits = (candidate: string) => plain(candidate).includes(asked);
  if (quoted) {
    const keys = facts.map((fact) => fact.key);
    const name = factBefore(text, from, keys)?.toLowerCase();
    const fact = facts.find(({ key }) => key === name);
    return (fact?.choices ?? [])
      .filter(fits)
      .slice(0, MOST)
      .map((choice) => ({ text: `"${choice.replace(/["\\]/g, "\\$&")}"`, label: choice }));
  }
  if (asked === "") return [];
  const begins = (name: string) =>
    plain(name)
      .split(/[\s_.]+/)
      .some((part) => part.startsWith(asked));
  const whole = (name: string) => plain(name).startsWith(asked);
  const named = facts
    .filter(({ key, label }) => begins(key) || begins(label) || whole(key) || whole(label))
    .sort((a, b) => rank(a, asked) - rank(b, asked))
    .map((fact) => ({ text: fact.key, label: fact.key, detail: fact.label }));
  const joined = JOINERS.filter((joiner) => joiner.startsWith(asked)).map((joiner) => ({
    text: joiner,
    label: joiner,
  }));
  return [...named, ...joined].filter(({ text: put }) => put !== word).slice(0, MOST);
}

/** Those that begin with what was typed come first. */
const rank = (fact: Known, asked: string) =>
  plain(fact.key).startsWith(asked) ? 0 : plain(fact.label).startsWith(asked) ? 1 : 2;

/** The text with a suggestion in the place of the word at the caret, and the caret after it. */
export function accept(text: string, caret: number, chosen: string) {
  const { from, quoted } = wordAt(text, caret);
  let rest = text.slice(caret);
  // A closing quote that stands there already is not written twice.
  if (quoted && rest.startsWith('"')) rest = rest.slice(1);
  const put = `${chosen} `;
  return {
    text: text.slice(0, from) + put + rest.replace(/^ /, ""),
    caret: from + put.length,
  };
}

/** Which columns the table has, in which order and how wide: a list that the URL and views keep. */
import type { Fact } from "./api";

export interface ColumnChoice {
  key: string;
  /** In px; absent, as wide as its kind usually is. */
  width?: number;
}

/** The client itself: always first, never taken away. */
export const NAME = "name";

export const DEFAULT_COLUMNS = [
  "health",
  "mrr",
  "mrr_change_3m",
  "top_risk",
  "renewal",
  "journey.next_milestone",
  "owner",
  "tags",
  "last_seen",
] as const;

const WIDTHS: Record<Fact["kind"], number> = {
  text: 150,
  number: 104,
  money: 112,
  day: 152,
  instant: 132,
  choice: 128,
  choices: 168,
  boolean: 96,
  person: 160,
  url: 180,
};
/** Facts that need more room than others of their kind. */
const OWN: Record<string, number> = {
  [NAME]: 248,
  health: 112,
  mrr_change_3m: 152,
  health_change_30d: 152,
  top_risk: 160,
  renewal: 184,
  "journey.next_milestone": 184,
};

export function widthOf(choice: ColumnChoice, kind: Fact["kind"]): number {
  return choice.width ?? OWN[choice.key] ?? WIDTHS[kind];
}

const KEY = /^[a-z0-9_.-]{1,80}$/i;
const MOST = 40;

/** `mrr,owner:180`; what is not understood is left out. */
export function readColumns(text: string | undefined): ColumnChoice[] | undefined {
  if (!text) return undefined;
  const seen = new Set<string>();
  const found: ColumnChoice[] = [];
  for (const part of text.split(",").slice(0, MOST)) {
    const [key = "", width] = part.split(":");
    if (!KEY.test(key) || seen.has(key)) continue;
    seen.add(key);
    const px = Number(width);
    found.push(px >= 48 && px <= 800 ? { key, width: Math.round(px) } : { key });
  }
  return found.length > 0 ? found : undefined;
}

export const writeColumns = (columns: readonly ColumnChoice[]): string =>
  columns.map(({ key, width }) => (width ? `${key}:${width}` : key)).join(",");

/** The columns to show: the name first, then those chosen that there are. */
export function shownColumns(
  chosen: readonly ColumnChoice[] | undefined,
  facts: readonly Pick<Fact, "key" | "column">[],
): ColumnChoice[] {
  const there = new Set(facts.filter((fact) => fact.column).map((fact) => fact.key));
  const list = chosen ?? DEFAULT_COLUMNS.map((key) => ({ key }));
  const name = list.find(({ key }) => key === NAME) ?? { key: NAME };
  return [name, ...list.filter(({ key }) => key !== NAME && there.has(key))];
}

export const resize = (columns: readonly ColumnChoice[], key: string, width: number) =>
  columns.map((column) => (column.key === key ? { ...column, width } : column));

/** Puts a column at a position; the first place is the name's. */
export function move(columns: readonly ColumnChoice[], key: string, to: number): ColumnChoice[] {
  const column = columns.find((one) => one.key === key);
  if (!column || key === NAME) return [...columns];
  const others = columns.filter((one) => one !== column);
  const place = Math.max(1, Math.min(others.length, to));
  return [...others.slice(0, place), column, ...others.slice(place)];
}

export function toggle(columns: readonly ColumnChoice[], key: string): ColumnChoice[] {
  if (key === NAME) return [...columns];
  return columns.some((column) => column.key === key)
    ? columns.filter((column) => column.key !== key)
    : [...columns, { key }];
}

export const sameColumns = (a: readonly ColumnChoice[], b: readonly ColumnChoice[]) =>
  writeColumns(a) === writeColumns(b);

/** Periods of the page and what stands in its URL. A range goes from one close to another. */
import { addDays } from "@/lib/format";
import { oneOf, type RawSearch, text } from "@/lib/search";

export const MONTHS = [3, 6, 12] as const;
export type Months = (typeof MONTHS)[number];
export const DEFAULT_MONTHS: Months = 6;

/** The page's other tabs; the overview is the page without one. */
export const GROWTH_TABS = ["forecast", "health", "opportunities", "journey"] as const;
export type GrowthTab = (typeof GROWTH_TABS)[number];

export const FLOWS = ["month", "last", "period"] as const;
export type Flow = (typeof FLOWS)[number];

/** From the close of `from` (not counted) to the close of `to` (counted). */
export interface Range {
  from: string;
  to: string;
}

const KIND_NAMES = ["new", "expansion", "reactivation", "contraction", "churn"] as const;

/** The movements that are open beside the page. */
export interface Moves extends Range {
  kind?: (typeof KIND_NAMES)[number];
}

export interface GrowthSearch {
  tab?: GrowthTab;
  months?: Months;
  flow?: "last" | "period";
  /** `2026-10-31~2026-11-23~new`, as `writeMoves` makes it. */
  moves?: string;
  /** The part of the portfolio that every figure is about; `-` for clients without one. */
  segment?: string;
  owner?: string;
  product?: string;
  /** A saved view: its clients of today, for all of their history. */
  view?: string;
  /** How the forecast is split. */
  split?: Split;
  /** The objective that is open beside the page, or `new`. */
  objective?: string;
}

export const SPLITS = ["segment", "product", "stage"] as const;
export type Split = (typeof SPLITS)[number];

/** The part of the portfolio that a page or a request is about. */
export interface Slice {
  segment?: string;
  owner?: string;
  product?: string;
  view?: string;
}

export const SLICE_FIELDS = ["segment", "owner", "product", "view"] as const;
/** How the URL and the API name clients without a segment or owner. */
export const NOT_SET = "-";

export function sliceOf({ segment, owner, product, view }: Slice): Slice {
  return { segment, owner, product, view };
}

export const isSliced = (slice: Slice) => SLICE_FIELDS.some((field) => slice[field] !== undefined);

/** Reads the URL; what is not understood is left out. */
export function growthSearch(search: RawSearch): GrowthSearch {
  const months = oneOf(search.months, MONTHS);
  const moves = readMoves(text(search.moves, 60));
  return {
    tab: oneOf(search.tab, GROWTH_TABS),
    months: months === DEFAULT_MONTHS ? undefined : months,
    flow: oneOf(search.flow, ["last", "period"]),
    moves: moves && writeMoves(moves),
    segment: text(search.segment),
    owner: text(search.owner),
    product: text(search.product),
    view: text(search.view, 40),
    split: oneOf(search.split, SPLITS),
    objective: text(search.objective, 40),
  };
}

export function writeMoves({ from, to, kind }: Moves): string {
  return [from, to, ...(kind ? [kind] : [])].join("~");
}

export function readMoves(written: string | undefined): Moves | undefined {
  const [from = "", to = "", kind] = (written ?? "").split("~");
  if (!isDay(from) || !isDay(to) || from > to) return undefined;
  return { from, to, kind: oneOf(kind, KIND_NAMES) };
}

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
}

/** The last day of the month that ends `back` months before the month of `day`. */
export function monthEnd(day: string, back: number): string {
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7));
  return new Date(Date.UTC(year, month - back, 0)).toISOString().slice(0, 10);
}

/** The range of a waterfall, as of a day: the opening is the close of a month. */
export function flowRange(flow: Flow, asOf: string, months: Months): Range {
  if (flow === "last") return { from: monthEnd(asOf, 2), to: monthEnd(asOf, 1) };
  return { from: monthEnd(asOf, flow === "month" ? 1 : months), to: asOf };
}

/** The last day of a month written `2026-11`. */
export const endOfMonth = (month: string) => monthEnd(`${month}-01`, 0);

/** The month that ends with a point of the history. */
export function monthOf(day: string): Range {
  return { from: monthEnd(day, 1), to: day };
}

/** The first day that a range counts. */
export const firstDay = (range: Range) => addDays(range.from, 1);

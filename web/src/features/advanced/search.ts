/** What the page shows, as it stands in the URL; a view fills what the URL leaves out. */
import type { Params } from "@/lib/api";
import { oneOf, type RawSearch, text } from "@/lib/search";
import type { SavedView } from "./api";
import { type ColumnChoice, readColumns, sameColumns, writeColumns } from "./columns";

export const TABS = ["active", "risk", "onboarding", "paused", "archived", "all"] as const;
export type Tab = (typeof TABS)[number];
export const LAYOUTS = ["table", "cards"] as const;
export type Layout = (typeof LAYOUTS)[number];
export const DEFAULT_SORT = "health";
/** The longest text that the server reads. */
export const LONGEST = 2_048;

export interface AdvancedSearch {
  /** The text of the filters; empty, it takes away those of the view. */
  where?: string;
  /** A saved view. */
  view?: string;
  tab?: Tab;
  q?: string;
  sort?: string;
  /** `mrr,owner:180` */
  columns?: string;
  layout?: Layout;
  /** Whose clients are to be dealt out; empty, the person is still to be chosen. */
  reassign?: string;
}

const SORT = /^-?[a-z0-9_.-]{1,80}$/i;

/** Reads the URL; what is not understood is left out. */
export function advancedSearch(search: RawSearch): AdvancedSearch {
  const view = text(search.view, 40);
  const where = typeof search.where === "string" ? search.where.trim() : undefined;
  const sort = text(search.sort, 90);
  const columns = readColumns(text(search.columns, 2_000));
  return {
    // Longer than the server reads is left to the server to refuse.
    where: where === "" && !view ? undefined : where,
    view,
    tab: oneOf(search.tab, TABS),
    q: text(search.q),
    sort: sort && SORT.test(sort) ? sort : undefined,
    columns: columns && writeColumns(columns),
    layout: oneOf(search.layout, LAYOUTS),
    reassign: typeof search.reassign === "string" ? search.reassign.slice(0, 200) : undefined,
  };
}

export interface Shown {
  /** The text of the filters in force. */
  where: string;
  sort: string;
  columns: ColumnChoice[] | undefined;
  layout: Layout;
  /** The view is no longer shown as it was saved. */
  changed: boolean;
}

export function shown(search: AdvancedSearch, view: SavedView | undefined): Shown {
  const columns = readColumns(search.columns) ?? filled(view?.columns);
  const now = {
    where: search.where ?? view?.where ?? "",
    sort: search.sort ?? view?.sort ?? DEFAULT_SORT,
    columns,
    layout: search.layout ?? view?.layout ?? "table",
  };
  const changed =
    view !== undefined &&
    (now.where !== view.where ||
      now.sort !== (view.sort ?? DEFAULT_SORT) ||
      now.layout !== view.layout ||
      !sameColumns(columns ?? [], filled(view.columns) ?? []));
  return { ...now, changed };
}

const filled = (columns: readonly ColumnChoice[] | undefined) =>
  columns && columns.length > 0
    ? columns.map(({ key, width }) => (width ? { key, width } : { key }))
    : undefined;

/** Which clients are meant: the same parameters for the list, its figures and its tabs. */
export function filters(search: AdvancedSearch, tab: Tab): Params {
  return {
    // A view whose filters were changed is no longer that view.
    view: search.where === undefined ? search.view : undefined,
    where: search.where || undefined,
    tab,
    q: search.q,
  };
}

/** Which tab is open: those who pay, or all where nobody pays. */
export function tabOf(
  search: AdvancedSearch,
  counts: Partial<Record<Tab, number>> | undefined,
): Tab {
  return search.tab ?? (counts?.active === 0 && (counts.all ?? 0) > 0 ? "all" : "active");
}

/** Two expressions of which both hold. */
export const both = (one: string, other: string) =>
  one === "" ? other : `${/\bor\b/i.test(one) ? `(${one})` : one} and ${other}`;

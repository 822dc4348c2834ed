/** Filters and order of the list of clients, as they stand in the URL. */
import { HEALTH_CLASSES, type HealthClass } from "@/components/ui/health";
import type { Params } from "@/lib/api";
import { flag, oneOf, type RawSearch, someOf, text } from "@/lib/search";

/** `current`: all but the archived. */
export const STATUSES = [
  "active",
  "current",
  "trial",
  "paused",
  "churned",
  "none",
  "archived",
] as const;
export type StatusFilter = (typeof STATUSES)[number];

export const SORTS = ["health", "-health", "-mrr", "mrr", "name", "-name"] as const;
export type Sort = (typeof SORTS)[number];
/** The clients that need someone come first. */
export const DEFAULT_SORT: Sort = "health";

export interface ClientListSearch {
  status?: StatusFilter;
  /** Classes separated by commas. */
  health?: string;
  risk?: true;
  segment?: string;
  owner?: string;
  /** Amounts are then what clients pay for it. */
  product?: string;
  /** A saved view: its filters hold beside the others. */
  view?: string;
  q?: string;
  sort?: Sort;
}

/** Reads the URL; what is not understood is left out. */
export function clientListSearch(search: RawSearch): ClientListSearch {
  const sort = oneOf(search.sort, SORTS);
  return {
    status: oneOf(search.status, STATUSES),
    health: someOf(search.health, HEALTH_CLASSES)?.join(","),
    risk: flag(search.risk),
    segment: text(search.segment),
    owner: text(search.owner),
    product: text(search.product),
    view: text(search.view, 40),
    q: text(search.q),
    sort: sort === DEFAULT_SORT ? undefined : sort,
  };
}

export function classesOf(search: ClientListSearch): HealthClass[] {
  return someOf(search.health, HEALTH_CLASSES) ?? [];
}

export const NO_FILTERS = {
  status: undefined,
  health: undefined,
  risk: undefined,
  segment: undefined,
  owner: undefined,
  product: undefined,
  view: undefined,
  q: undefined,
} satisfies ClientListSearch;

/** The parameters of the request. `fallback` is the status when the URL names none. */
export function listParams(search: ClientListSearch, fallback: StatusFilter): Params {
  const status = search.status ?? fallback;
  return {
    sort: search.sort ?? DEFAULT_SORT,
    q: search.q,
    // The server's own default is "all but the archived".
    status: status === "current" ? undefined : status,
    health: search.health,
    risk: search.risk,
    segment: search.segment,
    owner: search.owner,
    product: search.product,
    view: search.view,
  };
}

export type FilterField = "status" | "health" | "risk" | "segment" | "owner" | "product" | "view";
/** How the URL names clients without a segment or owner. */
export const NOT_SET = "-";

/**
 * The filters that stand as chips. A tab already says "at risk" or one class, when it says all of
 * it: those are not repeated where there are tabs.
 */
export function chipFields(search: ClientListSearch, tabs = true): FilterField[] {
  const classes = classesOf(search);
  const tab = tabs ? tabOf(search) : undefined;
  const fields: FilterField[] = [];
  if (search.status) fields.push("status");
  if (classes.length > 0 && tab === undefined) fields.push("health");
  if (search.risk && tab !== "risk") fields.push("risk");
  if (search.segment) fields.push("segment");
  if (search.owner) fields.push("owner");
  if (search.product) fields.push("product");
  if (search.view) fields.push("view");
  return fields;
}

export type ListTab = "all" | "risk" | HealthClass;
export const TABS: readonly ListTab[] = ["all", "risk", ...HEALTH_CLASSES];

/** What a tab writes in the URL; the other filters stay. */
export function tabSearch(tab: ListTab): Pick<ClientListSearch, "risk" | "health"> {
  if (tab === "all") return { risk: undefined, health: undefined };
  if (tab === "risk") return { risk: true, health: undefined };
  return { risk: undefined, health: tab };
}

/** The tab that the filters amount to, if one does. */
export function tabOf(search: ClientListSearch): ListTab | undefined {
  const classes = classesOf(search);
  if (search.risk) return classes.length === 0 ? "risk" : undefined;
  if (classes.length === 0) return "all";
  return classes.length === 1 ? classes[0] : undefined;
}

/**
 * The tree of an expression, as the server gives and takes it, and what the builder does to it.
 * A node is reached by its path: the positions to take, from the root down.
 */

export type DayValue = { day: string } | { daysAgo: number } | { inDays: number };
export type Scalar = string | number | boolean | DayValue;
export type Value = Scalar | readonly Scalar[];

export const OPS = [
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "in",
  "notIn",
  "contains",
  "startsWith",
  "has",
  "hasNot",
  "isEmpty",
  "isNotEmpty",
  "before",
  "after",
] as const;
export type Op = (typeof OPS)[number];

export interface Condition {
  fact: string;
  op: Op;
  /** Absent for "is empty" and "is not empty". */
  value?: Value;
}
export type Group = { all: Tree[] } | { any: Tree[] };
export type Tree = Condition | Group | { not: Tree };
export type Path = readonly number[];
export type Joined = "all" | "any";

export const NOTHING: Group = { all: [] };

export const isGroup = (tree: Tree): tree is Group => "all" in tree || "any" in tree;
export const isNot = (tree: Tree): tree is { not: Tree } => "not" in tree;
export const isCondition = (tree: Tree): tree is Condition => "fact" in tree;

export const isDayValue = (value: unknown): value is DayValue =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isList = (value: Value | undefined): value is readonly Scalar[] =>
  Array.isArray(value);

/** Operators that need nothing after them. */
export const isBare = (op: Op) => op === "isEmpty" || op === "isNotEmpty";
/** Operators that take a list. */
export const takesList = (op: Op) => op === "in" || op === "notIn";

export const joinedBy = (group: Group): Joined => ("all" in group ? "all" : "any");
export const childrenOf = (group: Group): readonly Tree[] =>
  "all" in group ? group.all : group.any;
export const group = (joined: Joined, children: readonly Tree[]): Group =>
  joined === "all" ? { all: [...children] } : { any: [...children] };

/** The root as a group: a lone condition is a group of one. */
export const asGroup = (tree: Tree): Group => (isGroup(tree) ? tree : { all: [tree] });

/** How many conditions there are. */
export function conditions(tree: Tree): number {
  if (isCondition(tree)) return 1;
  if (isNot(tree)) return conditions(tree.not);
  return childrenOf(tree).reduce((sum, child) => sum + conditions(child), 0);
}

/** What stands at a path; a negation has one child, at 0. */
export function at(tree: Tree, path: Path): Tree | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return tree;
  if (isNot(tree)) return first === 0 ? at(tree.not, rest) : undefined;
  if (!isGroup(tree)) return undefined;
  const child = childrenOf(tree)[first];
  return child && at(child, rest);
}

/** The tree with another node at the path, or without it. */
export function replace(tree: Tree, path: Path, next: Tree | undefined): Tree {
  const [first, ...rest] = path;
  if (first === undefined) return next ?? NOTHING;
  if (isNot(tree)) {
    if (rest.length === 0 && next === undefined) return NOTHING;
    return { not: replace(tree.not, rest, next) };
  }
  if (!isGroup(tree)) return tree;
  const children = [...childrenOf(tree)];
  const child = children[first];
  if (rest.length === 0) {
    if (next === undefined) children.splice(first, 1);
    else children[first] = next;
  } else if (child) {
    children[first] = replace(child, rest, next);
  }
  return group(joinedBy(tree), children);
}

/** Adds at the end of the group at the path. */
export function append(tree: Tree, path: Path, child: Tree): Tree {
  const parent = at(tree, path);
  if (!parent || !isGroup(parent)) return tree;
  return replace(tree, path, group(joinedBy(parent), [...childrenOf(parent), child]));
}

export function join(tree: Tree, path: Path, joined: Joined): Tree {
  const found = at(tree, path);
  return found && isGroup(found) ? replace(tree, path, group(joined, childrenOf(found))) : tree;
}

/** Turns a node into its negation, or back. */
export function negate(tree: Tree, path: Path): Tree {
  const found = at(tree, path);
  if (!found) return tree;
  return replace(tree, path, isNot(found) ? found.not : { not: found });
}

/** Without groups that hold nothing, and without groups of one: as it would be said. */
export function tidy(tree: Tree): Group {
  return asGroup(prune(tree) ?? NOTHING);
}

function prune(tree: Tree): Tree | undefined {
  if (isCondition(tree)) return tree;
  if (isNot(tree)) {
    const inner = prune(tree.not);
    return inner && { not: inner };
  }
  const children = childrenOf(tree)
    .map(prune)
    .filter((child): child is Tree => child !== undefined);
  if (children.length === 0) return undefined;
  const [only] = children;
  return children.length === 1 && only ? only : group(joinedBy(tree), children);
}

/** Whether a condition says all that it must. */
export function isComplete(condition: Condition): boolean {
  if (isBare(condition.op)) return true;
  const { value } = condition;
  if (value === undefined || value === "") return false;
  if (isList(value)) return value.length > 0 && value.every((item) => item !== "");
  if (isDayValue(value)) return "day" in value ? value.day !== "" : Number.isFinite(amount(value));
  return typeof value !== "number" || Number.isFinite(value);
}

const amount = (value: DayValue) =>
  "daysAgo" in value ? value.daysAgo : "inDays" in value ? value.inDays : Number.NaN;

/** Without the conditions that are still being written. */
export function complete(tree: Tree): Tree {
  if (isCondition(tree)) return isComplete(tree) ? tree : NOTHING;
  if (isNot(tree)) return { not: complete(tree.not) };
  return group(joinedBy(tree), childrenOf(tree).map(complete));
}

export const sameTree = (a: Tree, b: Tree) => JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));

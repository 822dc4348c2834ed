/** The clients that are chosen: some by hand, or all that match but a few. */

export type Selection =
  | { mode: "some"; ids: ReadonlySet<string> }
  | { mode: "all"; except: ReadonlySet<string> };

export const NOBODY: Selection = { mode: "some", ids: new Set() };
export const EVERYBODY: Selection = { mode: "all", except: new Set() };

export const has = (selection: Selection, id: string) =>
  selection.mode === "some" ? selection.ids.has(id) : !selection.except.has(id);

/** How many are chosen of `total`. */
export function size(selection: Selection, total: number): number {
  return selection.mode === "some"
    ? selection.ids.size
    : Math.max(0, total - selection.except.size);
}

/** Chooses some, or takes them out. */
export function choose(selection: Selection, ids: readonly string[], on: boolean): Selection {
  const inSet = selection.mode === "some" ? on : !on;
  const set = new Set(selection.mode === "some" ? selection.ids : selection.except);
  for (const id of ids) {
    if (inSet) set.add(id);
    else set.delete(id);
  }
  return selection.mode === "some" ? { mode: "some", ids: set } : { mode: "all", except: set };
}

/**
 * One row's box. With `extend`, all from the row touched before (`anchor`) to this one become what
 * the anchor is.
 */
export function touch(
  selection: Selection,
  rows: readonly { id: string }[],
  index: number,
  anchor: number | undefined,
  extend: boolean,
): Selection {
  const row = rows[index];
  if (!row) return selection;
  const from = extend ? anchor : undefined;
  const first = from === undefined ? undefined : rows[from];
  if (from === undefined || !first) return choose(selection, [row.id], !has(selection, row.id));
  const [low, high] = from < index ? [from, index] : [index, from];
  const range = rows.slice(low, high + 1).map(({ id }) => id);
  return choose(selection, range, has(selection, first.id));
}

/** The box above: of the rows shown, or of all once all are chosen. */
export function stateOf(
  selection: Selection,
  rows: readonly { id: string }[],
): boolean | "indeterminate" {
  if (selection.mode === "all") return selection.except.size === 0 ? true : "indeterminate";
  if (selection.ids.size === 0) return false;
  return rows.length > 0 && rows.every(({ id }) => selection.ids.has(id)) ? true : "indeterminate";
}

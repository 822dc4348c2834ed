/** Which fields two clients differ in, and what of one is told to move to the other. */
import type { Compared } from "./api";

/** The tables of what moves, in the order in which they are told. */
export const MOVED = [
  "clients_subscriptions",
  "clients_contacts",
  "clients_signals",
  "clients_notes",
  "tasks",
  "opportunities",
  "clients_files",
  "clients_tags",
  "usage_events",
] as const;

const FIELDS = [
  "name",
  "domain",
  "segment",
  "industry",
  "country",
  "owner",
  "plan",
  "seats",
  "since",
] as const;

export interface Row {
  /** As the server names it. */
  key: string;
  /** A field of the workspace's own is called by its key. */
  label?: string;
  mine: unknown;
  theirs: unknown;
}

const blank = (value: unknown) => value === null || value === undefined || value === "";
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** The fields in which both have a value, and not the same. Where one has none, the other's is kept. */
export function differing({ keep, other }: Compared): Row[] {
  const rows: Row[] = FIELDS.map((key) => ({
    key,
    mine: keep.editable[key],
    theirs: other.editable[key],
  }));
  for (const key of Object.keys(other.fields)) {
    rows.push({
      key: `field.${key}`,
      label: key,
      mine: keep.fields[key],
      theirs: other.fields[key],
    });
  }
  return rows.filter(({ mine, theirs }) => !blank(mine) && !blank(theirs) && !same(mine, theirs));
}

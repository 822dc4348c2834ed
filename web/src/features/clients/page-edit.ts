/** Editing a client by two people: what changed, who changed what, and what is sent in the end. */
import type { Schemas } from "@/lib/api";

export type Editable = Schemas["EditableBody"];
export type ClientForm = Schemas["ClientForm"];

export const FIELDS = [
  "name",
  "domain",
  "owner",
  "segment",
  "industry",
  "country",
  "plan",
  "seats",
  "since",
  "paused",
  "archived",
] as const satisfies readonly (keyof Editable)[];
export type FieldName = (typeof FIELDS)[number];
export type Value = string | number | boolean | null;

const value = (of: Editable, field: FieldName): Value => of[field] ?? null;

/** The fields in which two states differ. */
export const differing = (a: Editable, b: Editable): FieldName[] =>
  FIELDS.filter((field) => value(a, field) !== value(b, field));

/** What has to be sent to come from one state to another. */
export function patchOf(from: Editable, to: Editable): ClientForm {
  return Object.fromEntries(differing(from, to).map((field) => [field, value(to, field)]));
}

export interface Clash {
  field: FieldName;
  before: Value;
  mine: Value;
  theirs: Value;
}

/** What two people made of one state: fields that both changed, each otherwise, and those that the other changed alone. */
export function compare(base: Editable, mine: Editable, theirs: Editable) {
  const changed = new Set(differing(base, mine));
  const clashes: Clash[] = [];
  const taken: { field: FieldName; before: Value; theirs: Value }[] = [];
  for (const field of differing(base, theirs)) {
    const now = value(theirs, field);
    if (!changed.has(field)) taken.push({ field, before: value(base, field), theirs: now });
    else if (value(mine, field) !== now) {
      clashes.push({ field, before: value(base, field), mine: value(mine, field), theirs: now });
    }
  }
  return { clashes, taken };
}

/** Both together: mine where I changed something, theirs elsewhere and where I chose theirs. */
export function merged(
  base: Editable,
  mine: Editable,
  theirs: Editable,
  keepTheirs: ReadonlySet<FieldName>,
): Editable {
  const own = differing(base, mine).filter((field) => !keepTheirs.has(field));
  return { ...theirs, ...Object.fromEntries(own.map((field) => [field, value(mine, field)])) };
}

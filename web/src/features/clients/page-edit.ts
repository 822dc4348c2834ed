/** Editing a client by two people: what changed, who changed what, and what is sent in the end. */
import type { Narrow, Schemas } from "@/lib/api";

export type Editable = Narrow<
  Schemas["EditableBody"],
  { tags: string[]; fields: Record<string, Exclude<Value, null> | null> }
>;
export type ClientForm = Narrow<Schemas["ClientForm"], { fields?: Record<string, Value> }>;

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
  "parentId",
  "tags",
] as const satisfies readonly (keyof Editable)[];
/** A field of every client, or `fields.contract`: one of the workspace's own. */
export type FieldName = (typeof FIELDS)[number] | OwnName;
export type OwnName = `fields.${string}`;
export type Value = string | number | boolean | string[] | null;

export const ownKey = (field: string) =>
  field.startsWith("fields.") ? field.slice("fields.".length) : undefined;

function value(of: Editable, field: FieldName): Value {
  const own = ownKey(field);
  return own === undefined
    ? (of[field as (typeof FIELDS)[number]] ?? null)
    : (of.fields[own] ?? null);
}
const same = (a: Value, b: Value) => JSON.stringify(a) === JSON.stringify(b);

/** The fields in which two states differ. */
export function differing(a: Editable, b: Editable): FieldName[] {
  const own = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
  const all = [...FIELDS, ...[...own].map((key): OwnName => `fields.${key}`)];
  return all.filter((field) => !same(value(a, field), value(b, field)));
}

/** Some fields of a state, those of the workspace's own together. */
function picked(names: readonly FieldName[], of: Editable) {
  const built = names.filter((field) => ownKey(field) === undefined);
  const own = names.flatMap((field) => {
    const key = ownKey(field);
    return key === undefined ? [] : [[key, value(of, field)] as const];
  });
  return {
    built: Object.fromEntries(built.map((field) => [field, value(of, field)])),
    own: Object.fromEntries(own),
  };
}

/** What has to be sent to come from one state to another. */
export function patchOf(from: Editable, to: Editable): ClientForm {
  const { built, own } = picked(differing(from, to), to);
  return Object.keys(own).length > 0 ? { ...built, fields: own } : built;
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
    else if (!same(value(mine, field), now)) {
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
  const kept = picked(own, mine);
  return { ...theirs, ...kept.built, fields: { ...theirs.fields, ...kept.own } };
}

/** Changes of a plan, and what it still has to be told. */
import type { Days, Decimal, Entity, Found, FoundColumn, Key, Plan, TargetsOf } from "./api";

export const columnAt = (plan: Plan, at: number) => plan.columns.find((column) => column.at === at);

/** What identifies the rows of each kind. */
export const KEYS: Record<Entity, readonly Key[]> = {
  client: ["externalId", "domain"],
  contact: ["externalId", "email"],
  subscription: ["externalId"],
};

/** A column becomes something else; whatever was that before is not imported any more. */
export function assign(plan: Plan, at: number, to: string): Plan {
  const others = plan.columns.filter(
    (column) => column.at !== at && (to === "trait" || column.to !== to),
  );
  const columns = to === "" ? others : [...others, { at, to }];
  return withKey({ ...plan, columns: columns.sort((a, b) => a.at - b.at) });
}

export function answer(plan: Plan, at: number, said: { days?: Days; decimal?: Decimal }): Plan {
  return {
    ...plan,
    columns: plan.columns.map((column) => (column.at === at ? { ...column, ...said } : column)),
  };
}

/** The rows are something else: what it has no field for is not imported. */
export function turn(plan: Plan, entity: Entity, targets: readonly TargetsOf[]): Plan {
  const known = targets.find((one) => one.entity === entity)?.targets ?? [];
  const has = (to: string) =>
    (entity === "client" && to.startsWith("field.")) || known.some((target) => target.to === to);
  return withKey({ ...plan, entity, columns: plan.columns.filter(({ to }) => has(to)) });
}

/** What identifies rows has to be among the columns, if anything there can. */
function withKey(plan: Plan): Plan {
  const there = (key: Key) => plan.columns.some(({ to }) => to === key);
  if (KEYS[plan.entity].includes(plan.key) && there(plan.key)) return plan;
  return { ...plan, key: KEYS[plan.entity].find(there) ?? "externalId" };
}

export const kindOf = (
  entity: Entity,
  to: string,
  targets: readonly TargetsOf[],
  own: readonly { key: string; kind: string }[],
): string =>
  to.startsWith("field.")
    ? (own.find(({ key }) => `field.${key}` === to)?.kind ?? "text")
    : (targets.find((one) => one.entity === entity)?.targets.find((one) => one.to === to)?.kind ??
      "text");

const DAYS = ["date", "instant", "day"];
const NUMBERS = ["integer", "number", "money"];

/** What cannot be told of a column's cells and changes what they mean. */
export function question(found: FoundColumn, kind: string): "days" | "decimal" | undefined {
  if (DAYS.includes(kind) && found.days === "ask") return "days";
  if (NUMBERS.includes(kind) && found.decimal === "ask") return "decimal";
  return undefined;
}

/** Columns with a question that nobody has answered. */
export function unanswered(plan: Plan, found: Found, kind: (to: string) => string): number[] {
  return plan.columns
    .filter(({ at, to, days, decimal }) => {
      const column = found.columns[at];
      const asked = column && question(column, kind(to));
      return (asked === "days" && !days) || (asked === "decimal" && !decimal);
    })
    .map(({ at }) => at);
}

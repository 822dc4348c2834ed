/** An entry as a sentence, and its fields and values in words. */
import type { Format } from "@/lib/format";
import { componentName } from "@/lib/health-words";
import { i18n } from "@/lib/i18n";
import type { Entry } from "./api";

const NS = "audit:";
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
/** Writes about things that a source sends, one or many at once. */
const UPSERT = /^(clients|contacts|subscriptions|signals)\.upsert$/;

function say(key: string, params: Record<string, unknown> = {}): string {
  return i18n.t(NS + key, params);
}
function known(key: string): boolean {
  return i18n.exists(NS + key);
}

/** Who did it; names that were erased, and the machine, have words of their own. */
export function whoText(entry: Entry): string {
  if (entry.actorKind === "system") return say(entry.origin === "cli" ? "who.cli" : "who.system");
  if (entry.actorKind === "token") {
    return entry.actorName ? say("who.token", { name: entry.actorName }) : say("who.erasedToken");
  }
  return entry.actorName ?? say("who.erased");
}

const RATE = /^([A-Z]{3}) (\d{4}-\d{2}-\d{2})$/;
/** The spend of a month, by the month. */
const MONTH = /^\d{4}-\d{2}$/;
/** A figure of a health profile, by what it belongs to. */
const OF_PROFILE = /^(weights|curves)\.(\w+)$/;
/** Identifiers stand in an entry for an erasure to find it; the name beside says the same to people. */
export const HIDDEN: ReadonlySet<string> = new Set(["ownerId"]);
/** Words that the whole interface has, by field. */
const SHARED: Record<string, string> = {
  role: "common:user.role.",
  state: "common:opportunity.state.",
  reason: "common:opportunity.reason.",
  detector: "common:opportunity.detector.",
};

export function fieldText(format: Format, field: string): string {
  const rate = RATE.exec(field);
  if (rate) return say("rate", { currency: rate[1], day: format.date(rate[2]) });
  if (MONTH.test(field)) return say("spendOf", { month: format.month(`${field}-01`) });
  const [, group, name] = OF_PROFILE.exec(field) ?? [];
  if (group === "weights" && name) return say("weightOf", { component: componentName(name) });
  if (group === "curves" && name) {
    const curve = known(`curve.${name}`) ? say(`curve.${name}`) : name;
    return say("curveOf", { curve });
  }
  return known(`field.${field}`) ? say(`field.${field}`) : field;
}

/** One value of a field. `beside` holds the other fields: an amount stands in its currency. */
export function valueText(
  format: Format,
  field: string,
  value: unknown,
  beside: Record<string, unknown> = {},
): string {
  if (value === null || value === undefined || value === "") return say("value.none");
  if (typeof value === "boolean") return say(value ? "value.yes" : "value.no");
  if (typeof value === "number") {
    if (field.endsWith("Pct")) return format.percentValue(value, { digits: 2 });
    if (!field.endsWith("Cents") && !MONTH.test(field)) return format.number(value, { digits: 9 });
    const currency = typeof beside.currency === "string" ? beside.currency : undefined;
    return format.money(value, { currency, exact: true });
  }
  if (typeof value === "string") {
    const shared = SHARED[field] && `${SHARED[field]}${value}`;
    if (shared && i18n.exists(shared)) return i18n.t(shared);
    if (known(`value.${field}.${value}`)) return say(`value.${field}.${value}`);
    if (DAY.test(value)) return format.date(value);
    return INSTANT.test(value) ? format.dateTime(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => valueText(format, "", item)).join(", ");
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length === 0) return say("value.none");
  return entries
    .map(([key, item]) => `${fieldText(format, key)} ${valueText(format, key, item)}`)
    .join(", ");
}

/** The fields that an entry is about, in words. */
function fieldsText(format: Format, entry: Entry): string {
  const { before, after } = entry;
  const fields = Object.keys(after ?? before ?? {}).filter(
    (field) => !HIDDEN.has(field) && (!before || !after || before[field] !== after[field]),
  );
  const named = fields.slice(0, 3).map((field) => fieldText(format, field));
  return fields.length > 3 ? `${named.join(", ")}…` : named.join(", ");
}

function keyOf(entry: Entry): string {
  const { operation, before, after } = entry;
  const upsert = UPSERT.exec(operation)?.[1];
  if (upsert) {
    if (!entry.objectId && !entry.erasedAt) return `op.${upsert}.many`;
    // What did not exist before has no identifier there.
    const isNew = Boolean(before) && "externalId" in (before ?? {}) && before?.externalId == null;
    return `op.${upsert}.${isNew || "messageId" in (after ?? {}) ? "created" : "updated"}`;
  }
  if (operation === "tokens.create" || operation === "tokens.revoke") {
    const kind = (after ?? before)?.kind === "write" ? "write" : "api";
    return `op.${operation}_${kind}`;
  }
  if (operation === "health_profiles.save" && entry.objectName) return `op.${operation}_segment`;
  return `op.${operation}`;
}

/** "Camille Renaud changed the role of Bo Aas: member → manager". */
export function sentence(format: Format, entry: Entry): string {
  const who = whoText(entry);
  const { before, after } = entry;
  const of = (field: string) =>
    valueText(format, field, after?.[field] ?? before?.[field], after ?? {});
  const count = (field: string) => Number(after?.[field] ?? before?.[field] ?? 0);
  const key = keyOf(entry);
  if (known(key)) {
    return tidy(
      say(key, {
        who,
        name: entry.objectName ?? say("value.none"),
        from: valueText(format, "role", before?.role),
        to: valueText(format, "role", after?.role),
        role: of("role"),
        detector: of("detector"),
        won: of("wonCents"),
        until: of("until"),
        fields: fieldsText(format, entry),
        total: format.number(count("created") + count("updated")),
        ...Object.fromEntries(
          ["created", "updated", "sessions", "accepted", "still", "rows", "refused", "entries"].map(
            (field) => [field, format.number(count(field))],
          ),
        ),
      }),
    );
  }
  // An operation that this page has no sentence for is told by its last word.
  const verb = entry.operation.split(".").at(-1) ?? "";
  const kind = known(`kind.${entry.objectKind}`)
    ? say(`kind.${entry.objectKind}`)
    : entry.objectKind.replaceAll("_", " ");
  const object = entry.objectName ? `${kind} ${entry.objectName}` : kind || entry.operation;
  return known(`generic.${verb}`)
    ? say(`generic.${verb}`, { who, object })
    : say("generic.other", { who, object, operation: entry.operation });
}

/** A sentence whose last part has nothing to say ends before it. */
function tidy(text: string): string {
  return text.replace(/\s*:\s*$/, "");
}

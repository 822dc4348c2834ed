/** An action on many clients while it is being filled in, and what it becomes. */

import type { Priority } from "@/lib/priority";
import type { Fact, FactValue } from "./api";
import type { BulkAction, BulkKind } from "./api-bulk";

export interface Draft {
  /** A name, or for a task a member; empty for nobody. */
  owner: string;
  tag: string;
  fact: string;
  /** Absent until something is given. */
  value: FactValue | undefined;
  /** The value is taken away. */
  empty: boolean;
  title: string;
  due: string;
  priority: Priority;
}

export const DRAFT: Draft = {
  owner: "",
  tag: "",
  fact: "",
  value: undefined,
  empty: false,
  title: "",
  due: "7",
  priority: "normal",
};

const BUILT_IN = ["segment", "industry", "country", "plan"];
/** A number and a day. */
const MEASURED = ["seats", "since"];

/** The facts that a person may set: some built-in ones, the pause, and all custom fields. */
export function settable(
  facts: readonly Fact[],
): Pick<Fact, "key" | "label" | "kind" | "choices">[] {
  const own = facts.filter(({ key }) => BUILT_IN.includes(key));
  return [
    // Their choices are the values in use: another may be written.
    ...own.map(({ key, label, choices }) => ({ key, label, choices, kind: "text" as const })),
    ...facts.filter(({ key }) => MEASURED.includes(key)),
    { key: "paused", kind: "boolean" as const },
    ...facts.filter(({ key }) => key.startsWith("field.")),
  ];
}

/** The action, once all that it needs is there. */
export function actionOf(kind: BulkKind, draft: Draft): BulkAction | undefined {
  switch (kind) {
    case "assign":
      return { kind, owner: draft.owner || null };
    case "tag":
    case "untag": {
      const tag = draft.tag.trim();
      return tag === "" ? undefined : { kind, tag };
    }
    case "set": {
      if (draft.fact === "") return undefined;
      if (draft.empty) return { kind, fact: draft.fact, value: null };
      const { value } = draft;
      if (value === undefined || value === null || value === "") return undefined;
      if (Array.isArray(value) && value.length === 0) return undefined;
      return { kind, fact: draft.fact, value };
    }
    case "task": {
      const title = draft.title.trim();
      if (title === "") return undefined;
      const days = Number(draft.due);
      return {
        kind,
        title,
        dueInDays: draft.due !== "" && Number.isInteger(days) && days >= 0 ? days : undefined,
        owner: draft.owner || undefined,
        priority: draft.priority,
      };
    }
    default:
      return { kind };
  }
}

import { expect, it } from "vitest";
import { actionOf, DRAFT, settable } from "./bulk-draft";

it.each([
  ["assign", {}, { kind: "assign", owner: null }],
  ["assign", { owner: "Léa" }, { kind: "assign", owner: "Léa" }],
  ["tag", { tag: "  " }, undefined],
  ["tag", { tag: " vip " }, { kind: "tag", tag: "vip" }],
  ["set", {}, undefined],
  ["set", { fact: "segment" }, undefined],
  ["set", { fact: "segment", value: "" }, undefined],
  ["set", { fact: "segment", value: "PME" }, { kind: "set", fact: "segment", value: "PME" }],
  ["set", { fact: "paused", value: false }, { kind: "set", fact: "paused", value: false }],
  ["set", { fact: "field.x", value: 0 }, { kind: "set", fact: "field.x", value: 0 }],
  ["set", { fact: "field.x", value: [] }, undefined],
  [
    "set",
    { fact: "field.x", value: 3, empty: true },
    { kind: "set", fact: "field.x", value: null },
  ],
  ["task", {}, undefined],
  [
    "task",
    { title: "Call", due: "" },
    { kind: "task", title: "Call", dueInDays: undefined, owner: undefined, priority: "normal" },
  ],
  [
    "task",
    { title: "Call", due: "0", owner: "u" },
    { kind: "task", title: "Call", dueInDays: 0, owner: "u", priority: "normal" },
  ],
  ["archive", {}, { kind: "archive" }],
] as const)("%s with %o becomes %o", (kind, patch, action) => {
  expect(actionOf(kind, { ...DRAFT, ...patch } as typeof DRAFT)).toEqual(action);
});

it("offers what a person may set, fields included", () => {
  const fact = (key: string, kind: "choice" | "money") => ({
    key,
    kind,
    ops: [],
    choices: ["PME"],
    sortable: true,
    column: true,
    criterion: true,
  });
  const offered = settable([
    fact("mrr", "money"),
    fact("segment", "choice"),
    fact("field.contract", "choice"),
  ]);
  expect(offered.map(({ key, kind }) => `${key} ${kind}`)).toEqual([
    "segment text",
    "paused boolean",
    "field.contract choice",
  ]);
});

import { expect, it } from "vitest";
import type { Task } from "./api";
import { byClient, byDay, sectionOf } from "./sections";

const task = (id: string, due?: string, client?: string): Task => ({
  id,
  title: id,
  priority: "normal",
  origin: "hand",
  checklist: [],
  createdAt: "2026-06-01T10:00:00Z",
  due,
  clientId: client,
  clientName: client && `Client ${client}`,
});

it("divides by day against today", () => {
  for (const [due, section] of [
    ["2026-06-16", "overdue"],
    ["2026-06-17", "today"],
    ["2026-06-18", "later"],
    [undefined, "later"],
  ] as const) {
    expect(sectionOf({ due }, "2026-06-17")).toBe(section);
  }
  const sections = byDay(
    [task("a", "2026-06-17"), task("b"), task("c", "2026-06-18")],
    "2026-06-17",
  );
  expect(sections.map((section) => [section.key, section.items.length])).toEqual([
    ["today", 1],
    ["later", 2],
  ]);
});

it("keeps the order of the clients, those without one last", () => {
  const sections = byClient([
    task("a"),
    task("b", undefined, "2"),
    task("c", undefined, "1"),
    task("d", undefined, "2"),
  ]);
  expect(
    sections.map((section) => [section.client?.name, section.items.map((item) => item.id)]),
  ).toEqual([
    ["Client 2", ["b", "d"]],
    ["Client 1", ["c"]],
    [undefined, ["a"]],
  ]);
});

import { expect, it } from "vitest";
import type { Task } from "./api";
import { byClient, byDay, endOfWeek, sectionOf } from "./sections";

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

it("divides by day against today and the week that the workspace keeps", () => {
  // 17 June 2026 is a Wednesday.
  for (const [due, start, section] of [
    ["2026-06-16", "monday", "overdue"],
    ["2026-06-17", "monday", "today"],
    ["2026-06-18", "monday", "week"],
    ["2026-06-21", "monday", "week"],
    ["2026-06-21", "sunday", "later"],
    ["2026-06-22", "monday", "later"],
    [undefined, "monday", "later"],
  ] as const) {
    expect(sectionOf({ due }, "2026-06-17", start)).toBe(section);
  }
  const sections = byDay(
    [task("a", "2026-06-17"), task("b"), task("c", "2026-06-18"), task("d", "2026-07-18")],
    "2026-06-17",
    "monday",
  );
  expect(sections.map((section) => [section.key, section.items.length])).toEqual([
    ["today", 1],
    ["week", 1],
    ["later", 2],
  ]);
});

it("ends a week on its last day, whatever the month", () => {
  expect(endOfWeek("2026-06-21", "monday")).toBe("2026-06-21");
  expect(endOfWeek("2026-06-21", "sunday")).toBe("2026-06-27");
  expect(endOfWeek("2026-12-29", "monday")).toBe("2027-01-03");
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

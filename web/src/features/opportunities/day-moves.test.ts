import { expect, it } from "vitest";
import type { Schemas } from "@/lib/api";
import type { NextMove } from "./api";
import { dayMoves } from "./day-moves";

const move = (key: string, expectedCents: number) =>
  ({ key, expectedCents, due: "2026-12-01", priority: "high" }) as NextMove;
const task = (id: string, due: string, expectedCents?: number) =>
  ({ id, due, expectedCents, title: id, priority: "normal" }) as Schemas["TaskBody"];

it("orders moves and due tasks by what they are worth, a task once", () => {
  const moves = [move("opportunity:a", 900_00), move("task:t1", 400_00)];
  const due = [
    task("t1", "2026-11-28", 400_00),
    task("t2", "2026-11-30"),
    task("t3", "2026-11-29"),
    task("t4", "2026-11-30", 500_00),
  ];
  expect(dayMoves(moves, due).map((item) => item.key)).toEqual([
    "opportunity:a",
    "task:t4",
    "task:t1",
    "task:t3",
    "task:t2",
  ]);
});

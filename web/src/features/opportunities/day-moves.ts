/** The best moves and the tasks that are due as one list: pure, so that its order can be tested. */
import type { Schemas } from "@/lib/api";
import type { NextMove } from "./api";

type Task = Schemas["TaskBody"];

const moveOf = (task: Task): NextMove => ({
  key: `task:${task.id}`,
  task,
  expectedCents: task.expectedCents ?? 0,
  due: task.due ?? "",
  priority: task.priority as NextMove["priority"],
  clientId: task.clientId,
  clientName: task.clientName,
  ownerId: task.ownerId,
  ownerName: task.ownerName,
});

/** What brings or keeps most comes first; of equal worth, what was due first. A task stands once. */
export function dayMoves(moves: readonly NextMove[], due: readonly Task[]): NextMove[] {
  const known = new Set(moves.map((move) => move.key));
  const tasks = due.map(moveOf).filter((move) => !known.has(move.key));
  return [...moves, ...tasks].sort(
    (a, b) =>
      b.expectedCents - a.expectedCents || a.due.localeCompare(b.due) || a.key.localeCompare(b.key),
  );
}

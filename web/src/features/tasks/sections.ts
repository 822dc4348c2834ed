/** How a list of tasks is divided: by due day against today, or by client. */
import type { Task } from "./api";

export type SectionKey = "overdue" | "today" | "later";

export function sectionOf(task: Pick<Task, "due">, today: string): SectionKey {
  if (!task.due) return "later";
  return task.due < today ? "overdue" : task.due === today ? "today" : "later";
}

export interface TaskSection {
  key: string;
  /** Of a client; none for sections by day and for tasks without client. */
  client?: { id: string; name: string };
  items: Task[];
}

export function byDay(tasks: readonly Task[], today: string): TaskSection[] {
  return (["overdue", "today", "later"] as const)
    .map((key) => ({ key, items: tasks.filter((task) => sectionOf(task, today) === key) }))
    .filter((section) => section.items.length > 0);
}

/** The clients in the order of their first task; tasks without a client come last. */
export function byClient(tasks: readonly Task[]): TaskSection[] {
  const sections = new Map<string, TaskSection>();
  for (const task of tasks) {
    const key = task.clientId ?? "";
    const client = task.clientId ? { id: task.clientId, name: task.clientName ?? "" } : undefined;
    const section = sections.get(key) ?? { key, client, items: [] };
    section.items.push(task);
    sections.set(key, section);
  }
  const without = sections.get("");
  sections.delete("");
  return [...sections.values(), ...(without ? [without] : [])];
}

/** How a list of tasks is divided: by due day against today and this week, or by client. */
import type { Task } from "./api";

const BY_DAY = ["overdue", "today", "week", "later"] as const;
export type SectionKey = (typeof BY_DAY)[number];
export type WeekStart = "monday" | "sunday";

/** The last day of the week that a day is in. */
export function endOfWeek(day: string, start: WeekStart): string {
  const date = new Date(`${day}T00:00:00Z`);
  const last = start === "monday" ? 0 : 6;
  date.setUTCDate(date.getUTCDate() + ((last - date.getUTCDay() + 7) % 7));
  return date.toISOString().slice(0, 10);
}

export function sectionOf({ due }: Pick<Task, "due">, today: string, start: WeekStart): SectionKey {
  if (!due || due > endOfWeek(today, start)) return "later";
  return due < today ? "overdue" : due === today ? "today" : "week";
}

export interface TaskSection {
  key: string;
  /** Of a client; none for sections by day and for tasks without client. */
  client?: { id: string; name: string };
  items: Task[];
}

export function byDay(tasks: readonly Task[], today: string, start: WeekStart): TaskSection[] {
  return BY_DAY.map((key) => ({
    key,
    items: tasks.filter((task) => sectionOf(task, today, start) === key),
  })).filter((section) => section.items.length > 0);
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

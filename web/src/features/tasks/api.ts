/** What the task pages ask the server. Keys begin with "tasks": live changes refresh them. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { toastError } from "@/components/ui/toast";
import { api, type Narrow, type Params, type Schemas } from "@/lib/api";
import type { Priority } from "@/lib/priority";

export type Task = Narrow<
  Schemas["TaskBody"],
  { priority: Priority; origin: "hand" | "action" | "opportunity" | "journey" }
>;
export type TaskPage = Narrow<Schemas["TasksBody"], { items: Task[] }>;
export type Member = Schemas["Member"];
export type TaskPatch = Schemas["TaskPatch"];
export type TaskForm = Schemas["TaskForm"];

export const tasksQuery = (params: Params) =>
  infiniteQueryOptions({
    queryKey: ["tasks", "list", params],
    queryFn: ({ pageParam, signal }) =>
      api.get<TaskPage>("/tasks", { ...params, limit: 100, cursor: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

/** One's own counts, for the navigation: one row is asked for. */
export const countsQuery = queryOptions({
  queryKey: ["tasks", "counts"],
  queryFn: ({ signal }) => api.get<TaskPage>("/tasks", { limit: 1 }, { signal }),
  select: (page) => page.counts.overdue + page.counts.today,
});

/** One's own open tasks, the most pressing first, with all counts. */
export const dueQuery = queryOptions({
  queryKey: ["tasks", "due"],
  queryFn: ({ signal }) => api.get<TaskPage>("/tasks", { limit: 50 }, { signal }),
});

export const clientTasksQuery = (client: string) =>
  queryOptions({
    queryKey: ["tasks", "client", client],
    queryFn: ({ signal }) =>
      api.get<TaskPage>("/tasks", { client, owner: "all", limit: 100 }, { signal }),
  });

export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => api.get<Schemas["MemberList"]>("/members", undefined, { signal }),
});

/** Days that are not business days. */
export const holidaysQuery = queryOptions({
  queryKey: ["workspace", "holidays"],
  queryFn: ({ signal }) =>
    api.get<{ days: { day: string }[] }>("/workspace/holidays", undefined, { signal }),
  select: (answer): ReadonlySet<string> => new Set(answer.days.map(({ day }) => day)),
});

export const createTask = (form: TaskForm) => api.post<Task>("/tasks", form);
export const patchTask = (id: string, patch: TaskPatch) => api.patch<Task>(`/tasks/${id}`, patch);
export const deleteTask = (id: string) => api.delete(`/tasks/${id}`);
export const restoreTask = (id: string) => api.post(`/tasks/${id}/restore`);

export function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["tasks", "opportunities"].map((word) => client.invalidateQueries({ queryKey: [word] })),
    ).then(() => {});
}

/** A change that can be taken back, with the refresh after it. */
export function useTaskChange() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onError: toastError,
    onSettled: refresh,
  });
}

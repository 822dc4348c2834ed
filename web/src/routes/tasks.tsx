import { createRoute } from "@tanstack/react-router";
import { type TasksSearch, tasksSearch } from "@/features/tasks/search";
import { loadNamespaces } from "@/lib/i18n";
import type { RawSearch } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const tasksRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/tasks",
  validateSearch: (search: RawSearch): TasksSearch => tasksSearch(search),
  loader: () => loadNamespaces("tasks", "errors"),
  component: lazyPage(() => import("@/features/tasks/tasks-page"), "TasksPage"),
});

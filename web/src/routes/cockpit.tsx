import { createRoute } from "@tanstack/react-router";
import { growthSearch } from "@/features/growth/periods";
import { loadNamespaces } from "@/lib/i18n";
import type { RawSearch } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const cockpitRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/",
  validateSearch: (search: RawSearch): { moves?: string } => ({
    moves: growthSearch(search).moves,
  }),
  loader: () => loadNamespaces("growth", "opportunities", "tasks"),
  component: lazyPage(() => import("./cockpit-view"), "CockpitView"),
});

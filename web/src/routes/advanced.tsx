import { createRoute } from "@tanstack/react-router";
import { type AdvancedSearch, advancedSearch } from "@/features/advanced/search";
import { loadNamespaces } from "@/lib/i18n";
import type { RawSearch } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const advancedRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients/advanced",
  validateSearch: (search: RawSearch): AdvancedSearch => advancedSearch(search),
  loader: () => loadNamespaces("advanced", "errors"),
  component: lazyPage(() => import("@/features/advanced/advanced-page"), "AdvancedPage"),
});

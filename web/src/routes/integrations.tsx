import { createRoute } from "@tanstack/react-router";
import { loadNamespaces } from "@/lib/i18n";
import { type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const integrationsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/integrations",
  validateSearch: (search: RawSearch): { tab?: string } => ({ tab: text(search.tab, 40) }),
  loader: () => loadNamespaces("usage", "connectors", "errors"),
  component: lazyPage(() => import("./integrations-view"), "IntegrationsView"),
});

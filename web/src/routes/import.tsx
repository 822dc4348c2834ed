import { createRoute } from "@tanstack/react-router";
import type { ImportSearch } from "@/features/connectors/import-page";
import { loadNamespaces } from "@/lib/i18n";
import { type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const importRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients/import",
  validateSearch: (search: RawSearch): ImportSearch => ({ id: text(search.id, 40) }),
  loader: () => loadNamespaces("connectors", "errors"),
  component: lazyPage(() => import("@/features/connectors/import-page"), "ImportPage"),
});

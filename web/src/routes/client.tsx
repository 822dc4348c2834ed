import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { loadNamespaces } from "@/lib/i18n";
import { oneOf, type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";

export interface ClientSearch {
  tab?: string;
  /** Length of the curves. */
  days?: number;
  /** Kinds of the timeline, separated by commas. */
  kinds?: string;
}

export const clientRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients/$id",
  validateSearch: (search: RawSearch): ClientSearch => ({
    tab: text(search.tab, 40),
    days: oneOf(search.days, [30, 90, 365]),
    kinds: text(search.kinds, 200),
  }),
  loader: () => loadNamespaces("clients", "health", "usage", "opportunities", "tasks"),
  component: lazyRouteComponent(() => import("./client-view"), "ClientView"),
});

import { createRoute, redirect } from "@tanstack/react-router";
import { type ClientListSearch, clientListSearch } from "@/features/clients/client-list-search";
import { type GrowthSearch, growthSearch } from "@/features/growth/periods";
import { type JourneySearch, journeySearch, type PortfolioSearch } from "@/features/journey/search";
import { type OpportunitySearch, opportunitySearch } from "@/features/opportunities/search";
import { loadNamespaces } from "@/lib/i18n";
import { type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const growthRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients/growth",
  validateSearch: (
    search: RawSearch,
  ): GrowthSearch &
    ClientListSearch &
    OpportunitySearch &
    JourneySearch &
    PortfolioSearch & { cause?: string } => ({
    ...growthSearch(search),
    ...clientListSearch(search),
    ...opportunitySearch(search),
    ...journeySearch(search),
    cause: text(search.cause, 40),
  }),
  loader: () => loadNamespaces("growth", "clients", "opportunities"),
  component: lazyPage(() => import("./growth-view"), "GrowthView"),
});

export const clientsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients",
  beforeLoad: () => {
    throw redirect({ to: "/clients/advanced", replace: true });
  },
});

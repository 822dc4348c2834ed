/** Growth tools: `/growth-tools?tab=journey`, and the tabs that other features bring. */
import { createRoute } from "@tanstack/react-router";
import { type GrowthSearch, growthSearch } from "@/features/growth/periods";
import { type JourneySearch, journeySearch, type PortfolioSearch } from "@/features/journey/search";
import { loadNamespaces } from "@/lib/i18n";
import { oneOf, type RawSearch } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const TOOLS = ["forecasting", "journey"] as const;
export type ToolTab = (typeof TOOLS)[number];

export const growthToolsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/growth-tools",
  validateSearch: (
    search: RawSearch,
  ): Omit<GrowthSearch, "tab"> & JourneySearch & PortfolioSearch & { tab?: ToolTab } => ({
    ...growthSearch(search),
    ...journeySearch(search),
    tab: oneOf(search.tab, TOOLS),
  }),
  loader: () => loadNamespaces("journey", "advanced", "growth", "errors"),
  component: lazyPage(() => import("./growth-tools-view"), "GrowthToolsView"),
});

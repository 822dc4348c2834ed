import { createRoute } from "@tanstack/react-router";
import { journeySearch, type Part } from "@/features/journey/search";
import { loadNamespaces } from "@/lib/i18n";
import { day, oneOf, type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export interface ClientSearch {
  tab?: string;
  /** Length of the curves. */
  days?: number;
  /** Kinds of the timeline, separated by commas. */
  kinds?: string;
  /** A past day of the score, and the version of a profile it is computed with. */
  day?: string;
  with?: string;
  /** The days between which the score moved. */
  from?: string;
  to?: string;
  /** The part and the stage of its journey. */
  part?: Part;
  stage?: string;
}

export const clientRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/clients/$id",
  validateSearch: (search: RawSearch): ClientSearch => ({
    tab: text(search.tab, 40),
    days: oneOf(search.days, [30, 90, 365]),
    kinds: text(search.kinds, 200),
    day: day(search.day),
    with: text(search.with, 220),
    from: day(search.from),
    to: day(search.to),
    part: journeySearch(search).part,
    stage: journeySearch(search).stage,
  }),
  loader: () =>
    loadNamespaces(
      "clients",
      "client",
      "advanced",
      "health",
      "usage",
      "opportunities",
      "tasks",
      "surveys",
      "journey",
      "errors",
    ),
  component: lazyPage(() => import("./client-view"), "ClientView"),
});

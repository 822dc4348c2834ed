/** What a client sees on a signed link: outside the shell, without a session. */
import { createRoute } from "@tanstack/react-router";
import { loadNamespaces } from "@/lib/i18n";
import { lazyPage } from "./lazy-page";
import { ErrorPage, rootRoute } from "./root";

export const sharedJourneyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/shared/journey/$token",
  loader: () => loadNamespaces("journey", "errors"),
  component: lazyPage(() => import("@/features/journey/shared-page"), "SharedPage"),
  errorComponent: ErrorPage,
});

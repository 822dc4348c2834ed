/** Every address of the interface, on one screen. */
import { createRouter } from "@tanstack/react-router";
import { queryClient } from "@/lib/query";
import { advancedRoute } from "./advanced";
import { clientRoute } from "./client";
import { cockpitRoute } from "./cockpit";
import { clientsRoute, growthRoute } from "./growth";
import { growthToolsRoute } from "./growth-tools";
import { importRoute } from "./import";
import { integrationsRoute } from "./integrations";
import { appRoute, authRoute, notFoundRoute } from "./layouts";
import { ErrorPage, NotFoundPage, rootRoute } from "./root";
import { settingsRoute, settingsSectionRoute } from "./settings";
import { sharedJourneyRoute } from "./shared-journey";
import { linkRoute, signInRoute } from "./sign-in";
import { surveyRoute, surveysRoute } from "./surveys";
import { tasksRoute } from "./tasks";

const routeTree = rootRoute.addChildren([
  sharedJourneyRoute,
  authRoute.addChildren([signInRoute, linkRoute]),
  appRoute.addChildren([
    cockpitRoute,
    clientsRoute,
    growthRoute,
    growthToolsRoute,
    advancedRoute,
    importRoute,
    clientRoute,
    surveysRoute,
    surveyRoute,
    integrationsRoute,
    settingsRoute,
    settingsSectionRoute,
    tasksRoute,
    notFoundRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  context: { queryClient },
  defaultPreload: "intent",
  // Data is cached by queries, not by the router.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

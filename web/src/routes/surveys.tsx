import { createRoute } from "@tanstack/react-router";
import { type SurveySearch, surveySearch } from "@/features/surveys/search";
import { loadNamespaces } from "@/lib/i18n";
import type { RawSearch } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const surveysRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/surveys",
  loader: () => loadNamespaces("surveys", "errors"),
  component: lazyPage(() => import("@/features/surveys/surveys-page"), "SurveysPage"),
});

export const surveyRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/surveys/$id",
  validateSearch: (search: RawSearch): SurveySearch => surveySearch(search),
  loader: () => loadNamespaces("surveys", "errors"),
  component: lazyPage(() => import("@/features/surveys/survey-page"), "SurveyPage"),
});

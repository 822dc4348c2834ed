/** `/settings` opens the first page; `/settings/<section>` the others. */
import { createRoute, redirect } from "@tanstack/react-router";
import { type AuditSearch, auditSearch } from "@/features/audit/api";
import type { TemplatesSearch } from "@/features/journey/templates-page";
import { loadNamespaces } from "@/lib/i18n";
import { type RawSearch, text } from "@/lib/search";
import { appRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  beforeLoad: () => {
    throw redirect({ to: "/settings/$section", params: { section: "profile" }, replace: true });
  },
});

export const settingsSectionRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings/$section",
  validateSearch: (search: RawSearch): AuditSearch & TemplatesSearch & { segment?: string } => ({
    ...auditSearch(search),
    segment: text(search.segment),
    template: text(search.template, 40),
    copy: text(search.copy, 40),
  }),
  loader: () => loadNamespaces("identity", "audit", "errors"),
  component: lazyPage(() => import("./settings-view"), "SettingsView"),
});

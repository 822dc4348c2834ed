import { createRoute } from "@tanstack/react-router";
import { loadNamespaces } from "@/lib/i18n";
import { type RawSearch, text } from "@/lib/search";
import { authRoute } from "./layouts";
import { lazyPage } from "./lazy-page";

export const signInRoute = createRoute({
  getParentRoute: () => authRoute,
  path: "/sign-in",
  validateSearch: (search: RawSearch): { next?: string } => {
    // Only addresses of this site: "//elsewhere" would leave it.
    const next = text(search.next, 2000);
    return { next: next && /^\/(?![/\\])/.test(next) ? next : undefined };
  },
  loader: () => loadNamespaces("identity", "errors"),
  component: lazyPage(() => import("@/features/identity/sign-in-page"), "SignInPage"),
});

export const linkRoute = createRoute({
  getParentRoute: () => authRoute,
  path: "/link/$token",
  loader: () => loadNamespaces("identity", "errors"),
  component: lazyPage(() => import("@/features/identity/link-page"), "LinkPage"),
});

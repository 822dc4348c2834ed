/** The two layouts: behind sign-in (session, live stream, shell), and before it. */

import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createRoute, Outlet, redirect, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { AppShell } from "@/components/layout/app-shell";
import { AuthLayout } from "@/components/layout/auth-layout";
import { NotificationBell } from "@/features/notifications/bell";
import { countsQuery } from "@/features/tasks/api";
import { ApiError } from "@/lib/api";
import { loadNamespaces } from "@/lib/i18n";
import { connectLive } from "@/lib/live";
import { queryClient } from "@/lib/query";
import { applyPreferences, SessionProvider, sessionQuery, useFormat } from "@/lib/session";
import { answers } from "./notification-answers";
import { ErrorPage, NotFoundPage, rootRoute } from "./root";

export const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    const known = context.queryClient.getQueryData(sessionQuery.queryKey);
    try {
      const session = await context.queryClient.ensureQueryData(sessionQuery);
      // Preferences are put in force on arrival; later changes are the person's own.
      if (!known) await applyPreferences(session);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/sign-in", search: { next: location.href } });
      }
      throw error;
    }
  },
  loader: () => loadNamespaces("notifications"),
  component: AppLayout,
  errorComponent: ErrorPage,
});

function AppLayout() {
  const { data: session } = useSuspenseQuery(sessionQuery);
  const { pathname } = useLocation();
  const workspace = session.workspace.id;
  // A stream belongs to one workspace: switching opens another.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the workspace is what reopens it
  useEffect(() => connectLive(queryClient), [workspace]);
  // A new page starts at its top, for the eyes and for the keyboard.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is the signal
  useEffect(() => {
    if (document.activeElement === document.body) {
      document.getElementById("content")?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <SessionProvider session={session}>
      <Frame />
    </SessionProvider>
  );
}

/** The shell with what features put into it. */
function Frame() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: due = 0 } = useQuery(countsQuery);
  const n = format.number(due);
  return (
    <AppShell
      counts={due > 0 ? { tasks: { text: n, said: t("nav.tasksCount", { count: due, n }) } } : {}}
      bell={<NotificationBell answers={answers} />}
    >
      <Outlet />
    </AppShell>
  );
}

export const authRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "auth",
  component: () => (
    <AuthLayout>
      <Outlet />
    </AuthLayout>
  ),
});

/** Addresses inside the shell that lead nowhere keep the shell around them. */
export const notFoundRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "$",
  component: NotFoundPage,
});

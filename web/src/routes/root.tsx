/** Root of all pages, and what is shown when an address or a page fails. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  type ErrorComponentProps,
  Outlet,
  useRouter,
} from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { Toaster } from "@/components/ui/toast";
import { TooltipProvider } from "@/components/ui/tooltip";
import { ApiError, SIGNED_OUT } from "@/lib/api";

export interface RouterContext {
  queryClient: QueryClient;
}

export const rootRoute = createRootRouteWithContext<RouterContext>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
});

function Root() {
  const router = useRouter();
  useEffect(() => {
    function onSignedOut() {
      const { pathname, href } = router.state.location;
      if (pathname === "/sign-in" || pathname.startsWith("/link/")) return;
      void router
        .navigate({ to: "/sign-in", search: { next: href }, replace: true })
        .then(() => router.options.context.queryClient.clear());
    }
    window.addEventListener(SIGNED_OUT, onSignedOut);
    return () => window.removeEventListener(SIGNED_OUT, onSignedOut);
  }, [router]);
  return (
    <TooltipProvider delayDuration={400}>
      <Outlet />
      <Toaster />
    </TooltipProvider>
  );
}

export function NotFoundPage() {
  const { t } = useTranslation();
  useAnnouncePage(t("page.notFoundTitle"));
  return (
    <EmptyState
      className="py-16"
      level={1}
      icon={<Compass aria-hidden />}
      title={t("page.notFoundTitle")}
      text={t("page.notFoundText")}
      footer={<TextLink to="/clients/growth">{t("page.goHome")}</TextLink>}
    />
  );
}

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const known = error instanceof ApiError;
  useAnnouncePage(t("page.errorTitle"));
  return (
    <div className="mx-auto max-w-lg p-4 pt-16">
      <h1 className="sr-only">{t("page.errorTitle")}</h1>
      <ErrorState
        title={t("page.errorTitle")}
        error={error}
        text={known ? undefined : t("page.errorText")}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
      {!known && (
        <Button className="mt-3" variant="ghost" onClick={() => window.location.reload()}>
          {t("page.reload")}
        </Button>
      )}
    </div>
  );
}

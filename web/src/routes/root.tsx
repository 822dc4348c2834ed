/** Root of all pages, and what is shown when an address or a page fails. */

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  type ErrorComponentProps,
  Outlet,
  useRouter,
} from "@tanstack/react-router";
import { CloudOff, Compass } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { Toaster } from "@/components/ui/toast";
import { ApiError, SIGNED_OUT } from "@/lib/api";
import { Unfetched, whyUnfetched } from "@/lib/unfetched";

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
    <>
      <Outlet />
      <Toaster />
    </>
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
      footer={<TextLink to="/">{t("page.goHome")}</TextLink>}
    />
  );
}

/** The same of a part of a page, in the words of the browsers. */
const UNFETCHED =
  /dynamically imported module|importing a module script failed|error loading dynamically|unable to preload/i;

export function ErrorPage(props: ErrorComponentProps) {
  const { error } = props;
  return error instanceof Unfetched || (error instanceof Error && UNFETCHED.test(error.message)) ? (
    <UnfetchedPage />
  ) : (
    <FailedPage {...props} />
  );
}

/** The page's code is not here and cannot be had now: it opens once the connection is back. */
function UnfetchedPage() {
  const { t } = useTranslation();
  const what = whyUnfetched();
  const title = t(`page.${what}Title`);
  useAnnouncePage(title);
  const [asking, setAsking] = useState(false);
  const retry = useCallback(async () => {
    setAsking(true);
    try {
      // What failed to load is remembered as failed: only a new page asks again, once there is one.
      await fetch("/", { method: "HEAD", cache: "no-store" });
      window.location.reload();
    } catch {
      setAsking(false);
    }
  }, []);
  useEffect(() => {
    const again = () => void retry();
    window.addEventListener("online", again);
    return () => window.removeEventListener("online", again);
  }, [retry]);
  return (
    <EmptyState
      className="py-16"
      level={1}
      icon={<CloudOff aria-hidden />}
      title={title}
      text={t(`page.${what}Text`)}
      actions={
        <Button busy={asking} onClick={() => void retry()}>
          {t("actions.retry")}
        </Button>
      }
    />
  );
}

function FailedPage({ error, reset }: ErrorComponentProps) {
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

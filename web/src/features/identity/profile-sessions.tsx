/** One's own sessions, in all workspaces. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { useFormat, useSession } from "@/lib/session";
import { type OpenSession, sessionsQuery } from "./api";
import { Section } from "./section";
import { SessionItems } from "./session-list";

export function Sessions() {
  const { t } = useTranslation("identity");
  const format = useFormat();
  const { workspaces } = useSession();
  const client = useQueryClient();
  const [asked, setAsked] = useState(false);
  const { data, error, refetch } = useQuery(sessionsQuery);
  const fresh = () => void client.invalidateQueries({ queryKey: ["sessions"] });
  const end = useMutation({
    mutationFn: (session: OpenSession) => api.delete(`/sessions/${session.id}`),
    onSuccess: () => {
      toast({ message: t("sessions.ended") });
      fresh();
    },
    onError: toastError,
  });
  const endOthers = useMutation({
    mutationFn: () => api.delete<Schemas["SessionsEnded"]>("/sessions"),
    onSuccess: ({ ended }) => {
      setAsked(false);
      toast({ message: t("sessions.endedMany", { count: ended, n: format.number(ended) }) });
      fresh();
    },
    onError: (cause) => {
      setAsked(false);
      toastError(cause);
    },
  });
  const others = data?.items.some((session) => !session.current);
  return (
    <Section
      title={t("sessions.title")}
      text={t("sessions.text")}
      actions={others && <Button onClick={() => setAsked(true)}>{t("sessions.endOthers")}</Button>}
    >
      {data ? (
        <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
          <SessionItems
            items={data.items}
            withWorkspace={workspaces.length > 1}
            busyId={end.isPending ? end.variables.id : undefined}
            onEnd={(session) => end.mutate(session)}
          />
        </ul>
      ) : error ? (
        <ErrorState title={t("sessions.error")} error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-16 w-full" />
        </Loading>
      )}
      <ConfirmDialog
        open={asked}
        onOpenChange={setAsked}
        title={t("sessions.confirmOthers")}
        description={t("sessions.confirmOthersText")}
        confirmLabel={t("sessions.endOthers")}
        busy={endOthers.isPending}
        onConfirm={() => endOthers.mutate()}
      />
    </Section>
  );
}

/** The sessions that a member has in this workspace: seen and ended by an administrator. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { useFormat, useSession } from "@/lib/session";
import { type Member, memberSessionsQuery, type OpenSession } from "./api";
import { SessionItems } from "./session-list";

export function MemberSessions({
  member,
  mayEnd,
  onClose,
}: {
  /** Whose; none while the sheet is closed. */
  member: Member | null;
  /** Nobody ends the sessions of who stands above them. */
  mayEnd: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("identity");
  return (
    <Sheet
      open={member !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t("sessions.of", { name: member?.name || member?.email })}
      description={t("sessions.ofText")}
    >
      {member && <Of member={member} mayEnd={mayEnd} />}
    </Sheet>
  );
}

function Of({ member, mayEnd }: { member: Member; mayEnd: boolean }) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  const { user } = useSession();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(memberSessionsQuery(member.userId));
  const fresh = () => {
    void client.invalidateQueries({ queryKey: ["sessions"] });
    void client.invalidateQueries({ queryKey: ["members"] });
  };
  const end = useMutation({
    mutationFn: (session: OpenSession) => api.delete(`/sessions/${session.id}`),
    onSuccess: () => {
      toast({ message: t("sessions.ended") });
      fresh();
    },
    onError: toastError,
  });
  const endAll = useMutation({
    mutationFn: () => api.delete<Schemas["SessionsEnded"]>(`/members/${member.userId}/sessions`),
    onSuccess: ({ ended }) => {
      toast({ message: t("sessions.endedMany", { count: ended, n: format.number(ended) }) });
      fresh();
    },
    onError: toastError,
  });
  if (!data) {
    return error ? (
      <ErrorState title={t("sessions.error")} error={error} onRetry={() => void refetch()} />
    ) : (
      <Loading>
        <Skeleton className="h-16 w-full" />
      </Loading>
    );
  }
  if (data.items.length === 0) return <p className="text-ink-2">{t("sessions.none")}</p>;
  return (
    <>
      <ul className="-mx-5 divide-y divide-border border-border border-y">
        <SessionItems
          items={data.items}
          busyId={end.isPending ? end.variables.id : undefined}
          onEnd={mayEnd ? (session) => end.mutate(session) : undefined}
        />
      </ul>
      {/* Ending one's own session here would sign oneself out. */}
      {mayEnd && member.userId !== user.id && (
        <Button
          variant="danger"
          className="mt-4"
          busy={endAll.isPending}
          onClick={() => endAll.mutate()}
        >
          {t("sessions.endAll")}
        </Button>
      )}
    </>
  );
}

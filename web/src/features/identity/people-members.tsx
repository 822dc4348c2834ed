/** Who belongs to the workspace, with which role. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeftRight, MonitorSmartphone, UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/dialog";
import { Select } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/misc";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { type Role, sessionQuery, useCan, useFormat, useSession } from "@/lib/session";
import { type Member, ROLES, rank } from "./api";
import { MemberSessions } from "./people-sessions";
import { Section } from "./section";

export function Members({
  members,
  onInvite,
}: {
  members: readonly Member[];
  onInvite: () => void;
}) {
  const { t } = useTranslation(["identity", "common"]);
  const format = useFormat();
  const { user, workspace } = useSession();
  const administer = useCan("administer");
  const edits = useCan("edit");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Member | null>(null);
  const [watched, setWatched] = useState<Member | null>(null);
  const fresh = () => {
    void client.invalidateQueries({ queryKey: ["members"] });
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const change = useMutation({
    mutationFn: ({ member, role }: { member: Member; role: Role; quiet?: boolean }) =>
      api.patch(`/members/${member.userId}`, { role } satisfies Schemas["RoleForm"]),
    onSuccess: (_, { member, role, quiet }) => {
      fresh();
      if (quiet) return;
      toast({
        message: t("people.roleChanged", {
          name: member.name || member.email,
          role: t(`common:user.role.${role}`),
        }),
        undo: () => change.mutate({ member, role: member.role, quiet: true }),
      });
    },
    onError: toastError,
  });
  const remove = useMutation({
    mutationFn: (member: Member) => api.delete(`/members/${member.userId}`),
    onSuccess: (_, member) => {
      setAsked(null);
      const name = member.name || member.email;
      toast({
        message: t("people.removed", { name }),
        // Their clients still name them: somebody has to look after these.
        undoLabel: t("people.reassign"),
        undo: () => void navigate({ to: "/clients/advanced", search: { reassign: name } as never }),
      });
      fresh();
    },
    onError: (error) => {
      setAsked(null);
      toastError(error);
    },
  });
  const owners = members.filter((member) => member.role === "owner").length;
  /** Nobody gives or takes a role above their own; a workspace keeps an owner. */
  const mayChange = (member: Member) =>
    administer &&
    rank(member.role) <= rank(workspace.role) &&
    !(member.role === "owner" && owners === 1);
  return (
    <Section
      title={t("people.title", { count: members.length, n: format.number(members.length) })}
      refused={!administer && t("people.refused")}
      actions={
        administer && (
          <Button variant="primary" onClick={onInvite}>
            <UserPlus aria-hidden />
            {t("people.invite")}
          </Button>
        )
      }
    >
      <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
        {members.map((member) => {
          const name = member.name || member.email;
          const self = member.userId === user.id;
          return (
            <li
              key={member.userId}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3"
            >
              <span className="flex min-w-0 flex-1 basis-56 items-center gap-3">
                <Avatar id={member.userId} name={name} kind="person" />
                <span className="min-w-0">
                  <span className="flex flex-wrap items-center gap-x-2">
                    <span className="break-words font-medium">{name}</span>
                    {self && <Badge tone="accent">{t("people.you")}</Badge>}
                  </span>
                  <span className="block break-words text-ink-2 text-meta">
                    {member.email} ·{" "}
                    {member.lastSeenAt ? (
                      <>
                        {t("people.seen")} <RelativeTime at={member.lastSeenAt} />
                      </>
                    ) : (
                      t("people.neverSeen")
                    )}
                  </span>
                </span>
              </span>
              {edits && members.length > 1 && (
                <Button variant="ghost" asChild>
                  <Link
                    to="/clients/advanced"
                    search={{ reassign: member.name || member.email } as never}
                    aria-label={t("people.reassignOf", { name })}
                  >
                    <ArrowLeftRight aria-hidden />
                    {t("people.reassign")}
                  </Link>
                </Button>
              )}
              {administer && member.lastSeenAt && (
                <Button
                  variant="ghost"
                  aria-label={t("sessions.openOf", { name })}
                  onClick={() => setWatched(member)}
                >
                  <MonitorSmartphone aria-hidden />
                  {t("sessions.open")}
                </Button>
              )}
              {mayChange(member) ? (
                <span className="flex items-center gap-2">
                  <Select
                    className="w-40"
                    aria-label={t("people.roleOf", { name })}
                    value={member.role}
                    disabled={change.isPending}
                    onChange={(event) =>
                      change.mutate({ member, role: event.target.value as Role })
                    }
                  >
                    {ROLES.filter((role) => rank(role) <= rank(workspace.role)).map((role) => (
                      <option key={role} value={role}>
                        {t(`common:user.role.${role}`)}
                      </option>
                    ))}
                  </Select>
                  <Button
                    variant="danger"
                    aria-label={t("people.removeOf", { name })}
                    onClick={() => setAsked(member)}
                  >
                    {t("people.remove")}
                  </Button>
                </span>
              ) : (
                <span className="md:text-right">
                  <span className="block">{t(`common:user.role.${member.role}`)}</span>
                  {administer && member.role === "owner" && (
                    <span className="block text-ink-3 text-meta">
                      {t(owners === 1 ? "people.lastOwner" : "people.ownerOnly")}
                    </span>
                  )}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={t("people.confirm", { name: asked?.name || asked?.email })}
        description={t("people.confirmText")}
        confirmLabel={t("people.removeLong")}
        busy={remove.isPending}
        onConfirm={() => asked && remove.mutate(asked)}
      >
        {edits && asked && (
          <div className="flex flex-col items-start gap-3">
            <p className="text-ink-2">{t("people.confirmClients")}</p>
            <Button asChild>
              <Link
                to="/clients/advanced"
                search={{ reassign: asked.name || asked.email } as never}
              >
                <ArrowLeftRight aria-hidden />
                {t("people.reassignFirst")}
              </Link>
            </Button>
          </div>
        )}
      </ConfirmDialog>
      <MemberSessions
        member={watched}
        mayEnd={watched !== null && rank(watched.role) <= rank(workspace.role)}
        onClose={() => setWatched(null)}
      />
    </Section>
  );
}

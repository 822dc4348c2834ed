/** Members, their roles, invitations. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog, Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { CopyField, RelativeTime } from "@/components/ui/misc";
import { ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { email, useForm } from "@/lib/form";
import { type Role, sessionQuery, useCan, useFormat, useSession } from "@/lib/session";
import { type Invitation, type Member, membersQuery, ROLES } from "./api";
import { Section } from "./section";

/** What each role may do, in the order of the table of roles. */
const RIGHTS: readonly [action: string, least: Role][] = [
  ["read", "viewer"],
  ["write", "member"],
  ["ingestion", "manager"],
  ["members", "admin"],
  ["tokens", "admin"],
  ["workspace", "admin"],
  ["currency", "owner"],
];

const rank = (role: Role) => ROLES.indexOf(role);

export function People() {
  const { t } = useTranslation(["identity", "common"]);
  const administer = useCan("administer");
  const [inviting, setInviting] = useState(false);
  const { data, error, refetch } = useQuery(membersQuery);
  if (error && !data)
    return <ErrorState title={t("people.error")} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Loading className="flex flex-col gap-3">
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  return (
    <>
      <Members members={data.items} onInvite={() => setInviting(true)} />
      {data.invitations.length > 0 && <Invitations items={data.invitations} />}
      <Rights />
      {administer && <InviteSheet open={inviting} onOpenChange={setInviting} />}
    </>
  );
}

function Members({ members, onInvite }: { members: readonly Member[]; onInvite: () => void }) {
  const { t } = useTranslation(["identity", "common"]);
  const format = useFormat();
  const { user, workspace } = useSession();
  const administer = useCan("administer");
  const client = useQueryClient();
  const [asked, setAsked] = useState<Member | null>(null);
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
      toast({ message: t("people.removed", { name: member.name || member.email }) });
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
      />
    </Section>
  );
}

function Invitations({ items }: { items: readonly Invitation[] }) {
  const { t } = useTranslation(["identity", "common"]);
  const format = useFormat();
  const administer = useCan("administer");
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (invitation: Invitation) => api.delete(`/invitations/${invitation.id}`),
    onSuccess: (_, invitation) => {
      toast({ message: t("people.withdrawn", { email: invitation.email }) });
      void client.invalidateQueries({ queryKey: ["members"] });
    },
    onError: toastError,
  });
  return (
    <Section
      title={t("people.pending", { count: items.length, n: format.number(items.length) })}
      text={t("people.pendingText")}
    >
      <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <span className="min-w-0 flex-1 basis-56">
              <span className="block break-words font-medium">{item.email}</span>
              <span className="block text-ink-2 text-meta">
                {t(`common:user.role.${item.role}`)} ·{" "}
                {t("people.expires", { day: format.date(item.expiresAt) })}
              </span>
            </span>
            {administer && (
              <Button
                variant="danger"
                aria-label={t("people.withdrawOf", { email: item.email })}
                busy={withdraw.isPending && withdraw.variables?.id === item.id}
                onClick={() => withdraw.mutate(item)}
              >
                {t("people.withdraw")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Rights() {
  const { t } = useTranslation(["identity", "common"]);
  const [yes, no] = [t("people.may"), t("people.mayNot")];
  return (
    <Card aria-labelledby="rights">
      <CardHeader id="rights" title={t("people.rights")} subtitle={t("people.rightsText")} />
      <Table aria-label={t("people.rights")}>
        <thead>
          <tr>
            <Th>{t("people.action")}</Th>
            {ROLES.map((role) => (
              <Th key={role} className="text-center">
                {t(`common:user.role.${role}`)}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {RIGHTS.map(([action, least]) => (
            <tr key={action}>
              <th
                scope="row"
                className="h-10 min-w-48 border-border border-b px-2 pl-4 text-left font-normal"
              >
                {t(`people.right.${action}`)}
              </th>
              {ROLES.map((role) => {
                const may = rank(role) >= rank(least);
                return (
                  <Td key={role} className="text-center">
                    {may ? (
                      <Check className="inline size-4 text-excellent-text" aria-hidden />
                    ) : (
                      <span aria-hidden className="text-ink-3">
                        ·
                      </span>
                    )}
                    <span className="sr-only">{may ? yes : no}</span>
                  </Td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function InviteSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("identity");
  const [made, setMade] = useState<{ link: string; email: string } | null>(null);
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) setMade(null);
  };
  return (
    <Sheet
      open={open}
      onOpenChange={close}
      title={t(made ? "people.linkTitle" : "people.invite")}
      description={made ? t("people.linkText", { email: made.email }) : t("people.inviteText")}
      footer={
        made ? (
          <Button variant="primary" onClick={() => close(false)}>
            {t("people.linkKept")}
          </Button>
        ) : undefined
      }
    >
      {made ? (
        <div className="flex flex-col gap-3">
          <Notice title={t("people.linkOnce")}>{t("people.linkOnceText")}</Notice>
          <CopyField label={t("people.link")} value={made.link} />
        </div>
      ) : (
        <InviteForm onMade={setMade} />
      )}
    </Sheet>
  );
}

function InviteForm({ onMade }: { onMade: (made: { link: string; email: string }) => void }) {
  const { t } = useTranslation(["identity", "common"]);
  const { workspace } = useSession();
  const client = useQueryClient();
  const form = useForm({
    initial: { email: "", role: "member" as string },
    validate: (values) => ({ email: email(values.email) }),
    onSubmit: async (values) => {
      const address = values.email.trim();
      const { link } = await api.post<Schemas["InviteLink"]>("/members", {
        email: address,
        role: values.role,
      } satisfies Schemas["InviteForm"]);
      onMade({ link, email: address });
      void client.invalidateQueries({ queryKey: ["members"] });
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("fields.email")} error={form.errorOf("email")} required>
        <Input
          {...form.control("email")}
          type="email"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
        />
      </Field>
      <Field
        label={t("fields.role")}
        help={t(`people.roleHelp.${form.values.role}`)}
        error={form.errorOf("role")}
      >
        <Select {...form.control("role")}>
          {ROLES.filter((role) => rank(role) <= rank(workspace.role)).map((role) => (
            <option key={role} value={role}>
              {t(`common:user.role.${role}`)}
            </option>
          ))}
        </Select>
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-start">
        {t("people.createLink")}
      </Button>
    </form>
  );
}

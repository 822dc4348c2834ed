/** Invitations: their links are made here and handed over by hand. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { CopyField } from "@/components/ui/misc";
import { Notice } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { api, type Schemas } from "@/lib/api";
import { email, useForm } from "@/lib/form";
import { useCan, useFormat, useSession } from "@/lib/session";
import { type Invitation, ROLES, rank } from "./api";
import { Section } from "./section";

/** A link that was just made: it is shown this once. */
interface Made {
  link: string;
  email: string;
  expiresAt: string;
  renewed?: boolean;
}

const TONES = { waiting: "accent", expired: "watch", accepted: "excellent" } as const;

export function Invitations({ items }: { items: readonly Invitation[] }) {
  const { t } = useTranslation(["identity", "common"]);
  const format = useFormat();
  const administer = useCan("administer");
  const { workspace } = useSession();
  const client = useQueryClient();
  const [made, setMade] = useState<Made | null>(null);
  const fresh = () => void client.invalidateQueries({ queryKey: ["members"] });
  const withdraw = useMutation({
    mutationFn: (invitation: Invitation) => api.delete(`/invitations/${invitation.id}`),
    onSuccess: (_, invitation) => {
      toast({ message: t("people.withdrawn", { email: invitation.email }) });
      fresh();
    },
    onError: toastError,
  });
  const renew = useMutation({
    mutationFn: (invitation: Invitation) =>
      api.post<Schemas["InviteLink"]>(`/invitations/${invitation.id}/renew`),
    onSuccess: ({ link, expiresAt }, invitation) => {
      setMade({ link, expiresAt, email: invitation.email, renewed: true });
      fresh();
    },
    onError: toastError,
  });
  const fate = (item: Invitation) =>
    item.state === "accepted"
      ? t("people.accepted", { day: format.date(item.acceptedAt) })
      : t(item.state === "expired" ? "people.expired" : "people.expires", {
          day: format.date(item.expiresAt),
        });
  return (
    <Section
      title={t("people.invitations", { count: items.length, n: format.number(items.length) })}
      text={t("people.pendingText")}
    >
      <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <span className="min-w-0 flex-1 basis-56">
              <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="min-w-0 break-words font-medium">{item.email}</span>
                <Badge tone={TONES[item.state]}>{t(`people.state.${item.state}`)}</Badge>
              </span>
              <span className="block text-ink-2 text-meta">
                {t(`common:user.role.${item.role}`)} · {fate(item)}
                {item.createdBy && ` · ${t("people.invitedBy", { name: item.createdBy })}`}
              </span>
            </span>
            {administer && item.state !== "accepted" && (
              <span className="flex flex-wrap gap-2">
                {rank(item.role) <= rank(workspace.role) && (
                  <Button
                    aria-label={t("people.renewOf", { email: item.email })}
                    busy={renew.isPending && renew.variables?.id === item.id}
                    onClick={() => renew.mutate(item)}
                  >
                    {t("people.renew")}
                  </Button>
                )}
                <Button
                  variant="danger"
                  aria-label={t("people.withdrawOf", { email: item.email })}
                  busy={withdraw.isPending && withdraw.variables?.id === item.id}
                  onClick={() => withdraw.mutate(item)}
                >
                  {t("people.withdraw")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <LinkSheet made={made} onClose={() => setMade(null)} />
    </Section>
  );
}

export function InviteSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("identity");
  const [made, setMade] = useState<Made | null>(null);
  if (made) {
    return (
      <LinkSheet
        made={open ? made : null}
        onClose={() => {
          onOpenChange(false);
          setMade(null);
        }}
      />
    );
  }
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t("people.invite")}
      description={t("people.inviteText")}
    >
      <InviteForm onMade={setMade} />
    </Sheet>
  );
}

function LinkSheet({ made, onClose }: { made: Made | null; onClose: () => void }) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  return (
    <Sheet
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t(made?.renewed ? "people.renewedTitle" : "people.linkTitle")}
      description={made ? t("people.linkText", { email: made.email }) : undefined}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("people.linkKept")}
        </Button>
      }
    >
      {made && (
        <div className="flex flex-col gap-3">
          <Notice title={t("people.linkOnce")}>{t("people.linkOnceText")}</Notice>
          <CopyField label={t("people.link")} value={made.link} />
          <p className="text-ink-2">
            {t("people.linkExpires", { day: format.date(made.expiresAt) })}
          </p>
        </div>
      )}
    </Sheet>
  );
}

function InviteForm({ onMade }: { onMade: (made: Made) => void }) {
  const { t } = useTranslation(["identity", "common"]);
  const { workspace } = useSession();
  const client = useQueryClient();
  const form = useForm({
    initial: { email: "", role: "member" as string },
    validate: (values) => ({ email: email(values.email) }),
    onSubmit: async (values) => {
      const address = values.email.trim();
      const { link, expiresAt } = await api.post<Schemas["InviteLink"]>("/members", {
        email: address,
        role: values.role,
      } satisfies Schemas["InviteForm"]);
      onMade({ link, expiresAt, email: address });
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

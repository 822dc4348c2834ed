/** API tokens: named, scoped, shown once. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog, Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { CopyField, RelativeTime, TextLink } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { api, type Schemas } from "@/lib/api";
import { required, useForm } from "@/lib/form";
import { useCan, useFormat, useSession } from "@/lib/session";
import { type Token, tokensQuery } from "./api";
import { Section } from "./section";

export function Tokens() {
  const { t } = useTranslation("identity");
  const { workspace } = useSession();
  const administer = useCan("administer");
  const client = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<Token | null>(null);
  // The list is for administrators: asking for it with another role would only be refused.
  const { data, error, refetch } = useQuery({ ...tokensQuery, enabled: administer });
  const revoke = useMutation({
    mutationFn: (token: Token) => api.delete(`/tokens/${token.id}`),
    onSuccess: (_, token) => {
      setAsked(null);
      toast({ message: t("tokens.revokedToast", { name: token.name }) });
      void client.invalidateQueries({ queryKey: ["tokens"] });
    },
    onError: toastError,
  });
  const tokens = (data?.items ?? [])
    .filter((token) => token.kind === "api")
    .sort((a, b) => Number(!!a.revokedAt) - Number(!!b.revokedAt));
  const mayCreate = administer && !workspace.isDemo;
  const create = mayCreate && (
    <Button variant="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden />
      {t("tokens.create")}
    </Button>
  );
  return (
    <>
      <Section
        title={t("tokens.title")}
        text={
          <>
            {t("tokens.text")}{" "}
            <TextLink to="/integrations" className="pointer-coarse:inline">
              {t("tokens.keysLink")}
            </TextLink>
          </>
        }
        refused={
          !administer ? t("tokens.refused") : workspace.isDemo ? t("tokens.refusedDemo") : false
        }
        actions={tokens.length > 0 && create}
      >
        {!administer ? null : error && !data ? (
          <ErrorState title={t("tokens.error")} error={error} onRetry={() => void refetch()} />
        ) : !data ? (
          <Loading>
            <Skeleton className="h-16 w-full" />
          </Loading>
        ) : tokens.length === 0 ? (
          <EmptyState
            level={3}
            className="py-4"
            icon={<KeyRound aria-hidden />}
            title={t("tokens.none")}
            text={t("tokens.noneText")}
            actions={create}
          />
        ) : (
          <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
            {tokens.map((token) => (
              <Item key={token.id} token={token} onRevoke={() => setAsked(token)} />
            ))}
          </ul>
        )}
      </Section>
      <CreateSheet open={creating} onOpenChange={setCreating} />
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={t("tokens.confirm", { name: asked?.name })}
        description={t("tokens.confirmText")}
        confirmLabel={t("tokens.revokeLong")}
        busy={revoke.isPending}
        onConfirm={() => asked && revoke.mutate(asked)}
      />
    </>
  );
}

function Item({ token, onRevoke }: { token: Token; onRevoke: () => void }) {
  const { t } = useTranslation("identity");
  const format = useFormat();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <span className="min-w-0 flex-1 basis-56">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium">{token.name}</span>
          <span className="font-mono text-ink-3 text-meta">{token.prefix}…</span>
          {token.scopes.map((scope) => (
            <Badge key={scope}>{t(`tokens.scope.${scope}`, { defaultValue: scope })}</Badge>
          ))}
        </span>
        <span className="block text-ink-2 text-meta">
          {token.createdBy
            ? t("tokens.createdBy", { day: format.date(token.createdAt), name: token.createdBy })
            : t("tokens.created", { day: format.date(token.createdAt) })}{" "}
          ·{" "}
          {token.lastUsedAt ? (
            <>
              {t("tokens.used")} <RelativeTime at={token.lastUsedAt} />
            </>
          ) : (
            t("tokens.neverUsed")
          )}
        </span>
      </span>
      {token.revokedAt ? (
        <Badge>{t("tokens.revoked", { day: format.date(token.revokedAt) })}</Badge>
      ) : (
        <Button
          variant="danger"
          aria-label={t("tokens.revokeOf", { name: token.name })}
          onClick={onRevoke}
        >
          {t("tokens.revoke")}
        </Button>
      )}
    </li>
  );
}

function CreateSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("identity");
  const [secret, setSecret] = useState<string | null>(null);
  const close = (next: boolean) => {
    onOpenChange(next);
    if (!next) setSecret(null);
  };
  return (
    <Sheet
      open={open}
      onOpenChange={close}
      title={t(secret ? "tokens.ready" : "tokens.create")}
      description={secret ? undefined : t("tokens.createText")}
      footer={
        secret && (
          <Button variant="primary" onClick={() => close(false)}>
            {t("tokens.kept")}
          </Button>
        )
      }
    >
      {secret ? (
        <div className="flex flex-col gap-3">
          <Notice title={t("tokens.once")}>{t("tokens.onceText")}</Notice>
          <CopyField label={t("tokens.secret")} value={secret} />
        </div>
      ) : (
        <CreateForm onCreated={setSecret} />
      )}
    </Sheet>
  );
}

function CreateForm({ onCreated }: { onCreated: (secret: string) => void }) {
  const { t } = useTranslation("identity");
  const client = useQueryClient();
  const form = useForm({
    initial: { name: "", scopes: ["read"] as string[] },
    validate: (values) => ({
      name: required(values.name),
      scopes: values.scopes.length === 0 ? { code: "identity_scope_unknown" } : undefined,
    }),
    onSubmit: async (values) => {
      const { secret } = await api.post<Schemas["TokenSecret"]>("/tokens", {
        kind: "api",
        name: values.name.trim(),
        scopes: values.scopes,
      } satisfies Schemas["TokenForm"]);
      onCreated(secret);
      void client.invalidateQueries({ queryKey: ["tokens"] });
    },
  });
  const scopesError = form.errorOf("scopes");
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field
        label={t("tokens.name")}
        help={t("tokens.nameHelp")}
        error={form.errorOf("name")}
        required
      >
        <Input
          name="name"
          value={form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
          onBlur={() => form.leave("name")}
          maxLength={120}
          autoComplete="off"
        />
      </Field>
      <fieldset
        className="flex flex-col gap-3"
        aria-describedby={scopesError ? "scopes-error" : undefined}
      >
        <legend className="mb-1.5 font-medium">{t("tokens.scopes")}</legend>
        {(["read", "write"] as const).map((scope) => (
          <Checkbox
            key={scope}
            checked={form.values.scopes.includes(scope)}
            label={t(`tokens.scope.${scope}`)}
            help={t(`tokens.scopeHelp.${scope}`)}
            onChange={(on) =>
              form.set({
                scopes: on
                  ? [...form.values.scopes, scope]
                  : form.values.scopes.filter((item) => item !== scope),
              })
            }
          />
        ))}
        {scopesError && <FieldError id="scopes-error">{scopesError}</FieldError>}
      </fieldset>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-start">
        {t("tokens.create")}
      </Button>
    </form>
  );
}

/** The person's workspaces: opening one, making another. */
import { useQuery } from "@tanstack/react-query";
import { Building2, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCreateWorkspace, useSwitchWorkspace } from "@/components/layout/session-actions";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { required, useForm } from "@/lib/form";
import { useCan, useFormat, useSession } from "@/lib/session";
import { workspacesQuery } from "./api";
import { browserTimeZone } from "./choices";
import { CurrencyField, TimeZoneField } from "./place-fields";
import { Section } from "./section";

export function Workspaces() {
  const { t } = useTranslation(["identity", "common"]);
  const format = useFormat();
  const administer = useCan("administer");
  const change = useSwitchWorkspace();
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useQuery(workspacesQuery);
  if (error && !data) {
    return (
      <ErrorState title={t("workspaces.error")} error={error} onRetry={() => void refetch()} />
    );
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  const { items } = data;
  return (
    <Section
      title={t("workspaces.title", { count: items.length, n: format.number(items.length) })}
      text={t("workspaces.text")}
      refused={!administer && t("workspaces.refused")}
      actions={
        administer && (
          <Button variant="primary" onClick={() => setCreating(true)}>
            <Plus aria-hidden />
            {t("workspaces.create")}
          </Button>
        )
      }
    >
      <ul className="-mx-4 -mb-4 divide-y divide-border border-border border-t">
        {items.map((item) => (
          <li key={item.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <span className="flex min-w-0 flex-1 basis-56 items-start gap-3">
              <Building2 className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0">
                <span className="flex flex-wrap items-center gap-x-2">
                  <span className="break-words font-medium">{item.name}</span>
                  {item.isDemo && <Badge tone="accent">{t("common:workspace.demo")}</Badge>}
                  {item.current && <Badge>{t("workspaces.current")}</Badge>}
                </span>
                <span className="block text-ink-2 text-meta">
                  {t(`common:user.role.${item.role}`)} ·{" "}
                  {t("workspaces.members", {
                    count: item.members,
                    n: format.number(item.members),
                  })}
                </span>
              </span>
            </span>
            {!item.current && (
              <Button
                aria-label={t("workspaces.openOf", { name: item.name })}
                busy={change.isPending && change.variables === item.id}
                onClick={() => change.mutate(item.id)}
              >
                {t("workspaces.open")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Sheet
        open={creating}
        onOpenChange={setCreating}
        title={t("workspaces.create")}
        description={t("workspaces.createText")}
      >
        <CreateForm />
      </Sheet>
    </Section>
  );
}

function CreateForm() {
  const { t } = useTranslation("identity");
  const { workspace } = useSession();
  const create = useCreateWorkspace();
  const form = useForm({
    // A second workspace of the same company is the usual case.
    initial: {
      name: "",
      currency: workspace.currency,
      timezone: workspace.timezone || browserTimeZone(),
    },
    validate: (values) => ({ name: required(values.name) }),
    onSubmit: (values) => create({ ...values, name: values.name.trim() }),
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("fields.workspaceName")} error={form.errorOf("name")} required>
        <Input {...form.control("name")} maxLength={120} autoComplete="off" />
      </Field>
      <CurrencyField
        help={t("link.setup.currencyHelp")}
        error={form.errorOf("currency")}
        {...form.control("currency")}
      />
      <TimeZoneField
        help={t("link.setup.timezoneHelp")}
        error={form.errorOf("timezone")}
        {...form.control("timezone")}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-start">
        {t("workspaces.createSubmit")}
      </Button>
    </form>
  );
}

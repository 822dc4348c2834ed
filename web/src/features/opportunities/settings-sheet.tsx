/** Which usage events say that a limit was hit. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { useForm } from "@/lib/form";
import { useCan } from "@/lib/session";
import { type Settings, settingsQuery, useRefresh } from "./api";

export function SettingsSheet({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("opportunities");
  const { data, error, refetch } = useQuery({ ...settingsQuery, enabled: open });
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title={t("settings.title")}>
      {data ? (
        <SettingsForm settings={data} onDone={() => onOpenChange(false)} />
      ) : error ? (
        <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>
          <Skeleton className="h-32 w-full" />
        </Loading>
      )}
    </Sheet>
  );
}

function SettingsForm({ settings, onDone }: { settings: Settings; onDone: () => void }) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const may = useCan("administer");
  const refresh = useRefresh();
  const form = useForm({
    initial: { names: settings.limitEvents.join("\n") },
    rename: Object.fromEntries(
      Array.from({ length: 21 }, (_, i) => [`limitEvents[${i}]`, "names"]).concat([
        ["limitEvents", "names"],
      ]),
    ),
    onSubmit: async ({ names }) => {
      const limitEvents = names
        .split("\n")
        .map((name) => name.trim())
        .filter(Boolean);
      await api.put("/opportunities/settings", { limitEvents } satisfies Settings);
      await refresh();
      toast({ message: t("settings.saved") });
      onDone();
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field
        label={t("settings.events")}
        help={t("settings.eventsHelp")}
        error={form.errorOf("names")}
      >
        <Textarea rows={6} disabled={!may} {...form.control("names")} />
      </Field>
      {!may && <p className="text-ink-2">{t("settings.refused")}</p>}
      {form.error && <FieldError>{form.error}</FieldError>}
      {may && (
        <div className="flex justify-end">
          <Button type="submit" variant="primary" busy={form.busy}>
            {words("actions.save")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** A client without a journey: says so, and offers to start one. */
import { useQuery } from "@tanstack/react-query";
import { Route } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { EmptyState } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { useCan } from "@/lib/session";
import { startJourney, useChange, useRefresh } from "./api";
import { templatesQuery } from "./api-templates";
import { useLabel } from "./words";

export function StartButton({ clientId, label }: { clientId: string; label: string }) {
  const { t } = useTranslation("journey");
  const change = useChange();
  return (
    <Button
      variant="primary"
      busy={change.isPending}
      onClick={() =>
        change.mutate(async () => {
          await startJourney(clientId);
          toast({ message: t("start.done") });
        })
      }
    >
      <Route aria-hidden />
      {label}
    </Button>
  );
}

export function NoJourney({ clientId, name }: { clientId: string; name: string }) {
  const { t } = useTranslation("journey");
  const edit = useCan("edit");
  const [choosing, setChoosing] = useState(false);
  return (
    <Card>
      <EmptyState
        icon={<Route aria-hidden />}
        title={t("start.title", { client: name })}
        text={t(edit ? "start.text" : "start.textRead")}
        actions={
          edit &&
          !choosing && (
            <>
              <StartButton clientId={clientId} label={t("start.begin")} />
              <Button onClick={() => setChoosing(true)}>{t("start.choose")}</Button>
            </>
          )
        }
      />
      {choosing && <Choice clientId={clientId} onCancel={() => setChoosing(false)} />}
    </Card>
  );
}

/** Which template, and at which stage. */
function Choice({ clientId, onCancel }: { clientId: string; onCancel: () => void }) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const write = useLabel();
  const refresh = useRefresh();
  const { data } = useQuery(templatesQuery);
  const form = useForm({
    initial: { templateId: "", stage: "" },
    onSubmit: async (values) => {
      await startJourney(clientId, {
        templateId: values.templateId || undefined,
        stage: values.stage || undefined,
      });
      await refresh();
      toast({ message: t("start.done") });
    },
  });
  const template = data?.items.find((item) => item.id === form.values.templateId);
  return (
    <form {...form.props} className="mx-auto flex max-w-md flex-col gap-4 px-4 pb-6">
      <Field label={t("start.template")} error={form.errorOf("templateId")}>
        <Select
          value={form.values.templateId}
          onChange={(event) => form.set({ templateId: event.target.value, stage: "" })}
        >
          <option value="">{t("start.own")}</option>
          {data?.items.map((item) => (
            <option key={item.id} value={item.id}>
              {item.segment
                ? t("start.named", { name: write(item.name), segment: item.segment })
                : write(item.name)}
            </option>
          ))}
        </Select>
      </Field>
      {template && (
        <Field label={t("start.stage")} help={t("start.stageHelp")} error={form.errorOf("stage")}>
          <Select {...form.control("stage")}>
            <option value="">{t("start.read")}</option>
            {template.stages.map((stage) => (
              <option key={stage.key} value={stage.key}>
                {write(stage.label)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" busy={form.busy}>
          {t("start.begin")}
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          {words("actions.cancel")}
        </Button>
      </div>
    </form>
  );
}

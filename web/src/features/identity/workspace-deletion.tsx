/** The end of a workspace: its name is typed, because nothing brings it back. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeleteWorkspace } from "@/components/layout/session-actions";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { useCan, useSession } from "@/lib/session";
import { Section } from "./section";

export function Deletion() {
  const { t } = useTranslation("identity");
  const { workspace, workspaces } = useSession();
  const own = useCan("own");
  const [open, setOpen] = useState(false);
  const elsewhere = workspaces.some((item) => item.id !== workspace.id && !item.isDemo);
  const refused = workspace.isDemo
    ? t("workspaces.deleteDemo")
    : !own
      ? t("workspaces.deleteOwner")
      : !elsewhere && t("workspaces.deleteLast");
  return (
    <Section
      title={t("workspaces.delete")}
      text={t("workspaces.deleteText", { name: workspace.name })}
      refused={refused}
    >
      {!refused && (
        <Button variant="danger" onClick={() => setOpen(true)}>
          {t("workspaces.deleteOpen", { name: workspace.name })}
        </Button>
      )}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t("workspaces.confirm", { name: workspace.name })}
        description={t("workspaces.confirmText")}
      >
        <DeletionForm name={workspace.name} onCancel={() => setOpen(false)} />
      </Dialog>
    </Section>
  );
}

function DeletionForm({ name, onCancel }: { name: string; onCancel: () => void }) {
  const { t } = useTranslation(["identity", "common"]);
  const remove = useDeleteWorkspace();
  const form = useForm({
    initial: { name: "" },
    validate: (values) => ({
      name: values.name.trim() === name ? undefined : { code: "identity_workspace_name_mismatch" },
    }),
    onSubmit: async (values) => {
      await remove(values.name.trim());
      toast({ message: t("workspaces.deleted", { name }) });
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("workspaces.confirmName", { name })} error={form.errorOf("name")} required>
        <Input {...form.control("name")} autoComplete="off" spellCheck={false} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t("common:actions.cancel")}</Button>
        <Button type="submit" variant="danger" busy={form.busy}>
          {t("workspaces.confirmSubmit")}
        </Button>
      </div>
    </form>
  );
}

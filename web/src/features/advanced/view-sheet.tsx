/** Saves what is shown as a view, or names and shares one. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { Switch } from "@/components/ui/toggles";
import { required, useForm } from "@/lib/form";
import { useCan } from "@/lib/session";
import { createView, patchView, type SavedView } from "./api";
import type { Kept } from "./views";

/** What the sheet is open for: a new view, or one that is there. */
export type Naming = { kept: Kept; name?: string } | { view: SavedView };

export function ViewSheet({
  naming,
  onClose,
  onSaved,
}: {
  naming: Naming | undefined;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
}) {
  const { t } = useTranslation("advanced");
  const view = naming && "view" in naming ? naming.view : undefined;
  return (
    <Sheet
      open={naming !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t(view ? "views.edit" : "views.saveAs")}
      description={view ? undefined : t("views.saveText")}
    >
      {naming && <NameForm naming={naming} onClose={onClose} onSaved={onSaved} />}
    </Sheet>
  );
}

function NameForm({
  naming,
  onClose,
  onSaved,
}: {
  naming: Naming;
  onClose: () => void;
  onSaved: (view: SavedView) => void;
}) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const manages = useCan("manage");
  const client = useQueryClient();
  const view = "view" in naming ? naming.view : undefined;
  const form = useForm({
    initial: { name: view?.name ?? "", shared: view?.shared ?? false },
    validate: (values) => ({ name: required(values.name) }),
    onSubmit: async (values) => {
      const saved =
        "view" in naming
          ? await patchView(naming.view.id, values)
          : await createView({ ...naming.kept, ...values });
      await client.invalidateQueries({ queryKey: ["clients", "views"] });
      toast({ message: t("views.saved", { name: saved.name }) });
      onSaved(saved);
      onClose();
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("views.name")} error={form.errorOf("name")} required>
        <Input maxLength={80} {...form.control("name")} />
      </Field>
      <Switch
        label={t("views.share")}
        help={t(manages ? "views.shareHelp" : "views.shareRefused")}
        disabled={!manages}
        checked={form.values.shared}
        onChange={(shared) => form.set({ shared })}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-end">
        {words("actions.save")}
      </Button>
    </form>
  );
}

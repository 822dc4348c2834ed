/** Adds a field, or changes its words and its choices; its key and its kind stay. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { FieldError, Field as FormField } from "@/components/ui/field";
import { Input, Select, Textarea } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { required, useForm } from "@/lib/form";
import { createField, type Field, type FieldKind, KINDS, patchField, refresh } from "./api";

/** What the sheet is open for: a field that is there, or a new one. */
export interface EditingField {
  field?: Field;
}

export function FieldSheet({
  editing,
  onClose,
}: {
  editing: EditingField | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("advanced");
  return (
    <Sheet
      open={editing !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={editing?.field ? t("fields.edit", { name: editing.field.label }) : t("fields.add")}
    >
      {editing && <FieldForm field={editing.field} onClose={onClose} />}
    </Sheet>
  );
}

/** A key as expressions write it, from the words of a label. */
export function keyOf(label: string): string {
  return label
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
}

/** One choice a line, each once. */
export const readChoices = (text: string): string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

function FieldForm({ field, onClose }: { field: Field | undefined; onClose: () => void }) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const client = useQueryClient();
  const form = useForm({
    initial: {
      label: field?.label ?? "",
      key: field?.key ?? "",
      kind: (field?.kind ?? "text") as string,
      choices: field?.choices?.join("\n") ?? "",
    },
    validate: (values) => ({
      label: required(values.label),
      choices: listed(values.kind) ? required(values.choices) : undefined,
    }),
    onSubmit: async (values) => {
      const choices = listed(values.kind) ? readChoices(values.choices) : undefined;
      const label = values.label.trim();
      if (field) await patchField(field.id, { label, choices });
      else {
        await createField({
          key: values.key.trim() || keyOf(label),
          label,
          kind: values.kind as FieldKind,
          choices,
        });
      }
      await refresh(client);
      toast({ message: t("fields.saved", { label }) });
      onClose();
    },
  });
  const { values } = form;
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <FormField label={t("fields.label")} error={form.errorOf("label")} required>
        <Input maxLength={80} {...form.control("label")} />
      </FormField>
      <FormField
        label={t("fields.key")}
        help={t("fields.keyHelp", { key: values.key || keyOf(values.label) || "…" })}
        error={form.errorOf("key")}
        optional={!field}
      >
        <Input
          maxLength={40}
          disabled={field !== undefined}
          placeholder={keyOf(values.label)}
          autoCapitalize="off"
          spellCheck={false}
          {...form.control("key")}
        />
      </FormField>
      <FormField
        label={t("fields.kind")}
        help={field ? t("fields.kindFixed") : undefined}
        error={form.errorOf("kind")}
      >
        <Select disabled={field !== undefined} {...form.control("kind")}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {t(`kind.${kind}`)}
            </option>
          ))}
        </Select>
      </FormField>
      {listed(values.kind) && (
        <FormField
          label={t("fields.choices")}
          help={t("fields.choicesHelp")}
          error={form.errorOf("choices")}
          required
        >
          <Textarea rows={6} {...form.control("choices")} />
        </FormField>
      )}
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-end">
        {words("actions.save")}
      </Button>
    </form>
  );
}

const listed = (kind: string) => kind === "choice" || kind === "choices";

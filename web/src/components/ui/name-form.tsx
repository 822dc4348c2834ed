/** What nothing brings back is confirmed by its name, typed. */
import { useTranslation } from "react-i18next";
import { useForm } from "@/lib/form";
import { Button } from "./button";
import { Field, FieldError } from "./field";
import { Input } from "./input";

export function NameForm({
  name,
  label,
  mismatch,
  submit,
  onCancel,
  onSubmit,
}: {
  name: string;
  label: string;
  /** The code of the refusal of another name. */
  mismatch: string;
  submit: string;
  onCancel: () => void;
  onSubmit: (name: string) => Promise<unknown>;
}) {
  const { t } = useTranslation();
  const form = useForm({
    initial: { name: "" },
    validate: (values) => ({
      name: values.name.trim() === name.trim() ? undefined : { code: mismatch },
    }),
    onSubmit: async (values) => {
      await onSubmit(values.name.trim());
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={label} error={form.errorOf("name")} required>
        <Input {...form.control("name")} autoComplete="off" spellCheck={false} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t("actions.cancel")}</Button>
        <Button type="submit" variant="danger" busy={form.busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

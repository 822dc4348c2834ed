/** Asks why, where one stands: a move by hand always has a reason. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { required, useForm } from "@/lib/form";

export function ReasonForm({
  submit,
  onSubmit,
  onCancel,
  children,
}: {
  /** Words of the button: "Déplacer vers Expansion". */
  submit: string;
  onSubmit: (reason: string) => Promise<unknown>;
  onCancel: () => void;
  /** What is chosen before the reason. */
  children?: ReactNode;
}) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const form = useForm({
    initial: { reason: "" },
    validate: (values) => ({ reason: required(values.reason) }),
    onSubmit: (values) => onSubmit(values.reason.trim()),
  });
  return (
    <form
      {...form.props}
      className="flex flex-col gap-3"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onCancel();
      }}
    >
      {children}
      <Field
        label={t("move.reason")}
        help={t("move.reasonHelp")}
        error={form.errorOf("reason")}
        required
      >
        <Textarea
          rows={2}
          maxLength={1000}
          autoFocus
          className="min-h-14"
          {...form.control("reason")}
        />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex flex-wrap gap-2">
        <Button
          type="submit"
          variant="primary"
          busy={form.busy}
          className="h-auto min-h-8 max-w-full whitespace-normal py-1 pointer-coarse:min-h-10"
        >
          {submit}
        </Button>
        <Button variant="ghost" onClick={onCancel}>
          {words("actions.cancel")}
        </Button>
      </div>
    </form>
  );
}

/** One section of a settings page: saved by itself; without the right, shown with the reason. */
import { Lock } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { FieldError } from "@/components/ui/field";
import type { Form } from "@/lib/form";

export function Section({
  title,
  text,
  refused,
  actions,
  children,
}: {
  title: ReactNode;
  text?: ReactNode;
  /** Why nothing can be changed here. */
  refused?: string | false;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title={title} subtitle={text} actions={actions} />
      <CardBody>
        {refused && (
          <p className="mb-3 flex items-start gap-2 rounded-control bg-sunken px-3 py-2 text-ink-2">
            <Lock className="mt-0.5 size-4 shrink-0" aria-hidden />
            {refused}
          </p>
        )}
        {children}
      </CardBody>
    </Card>
  );
}

export function SectionForm<T extends object>({
  form,
  disabled = false,
  label,
  children,
}: {
  form: Form<T>;
  disabled?: boolean;
  /** Words of the button; "Save" by default. */
  label?: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <form {...form.props}>
      <fieldset disabled={disabled} className="flex max-w-xl flex-col gap-4">
        {children}
        {form.error && <FieldError>{form.error}</FieldError>}
        {!disabled && (
          <Button type="submit" busy={form.busy} disabled={!form.changed} className="self-start">
            {label ?? t("actions.save")}
          </Button>
        )}
      </fieldset>
    </form>
  );
}

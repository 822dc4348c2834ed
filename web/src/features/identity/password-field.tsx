/** A password that can be shown while it is typed. */
import { Eye, EyeOff } from "lucide-react";
import { type ComponentProps, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field, type FieldProps } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export function PasswordField({
  label,
  help,
  error,
  ...input
}: Pick<FieldProps, "label" | "help" | "error"> & ComponentProps<"input">) {
  const { t } = useTranslation("identity");
  const [shown, setShown] = useState(false);
  return (
    <div className="relative">
      <Field label={label} help={help} error={error} required>
        <Input {...input} type={shown ? "text" : "password"} />
      </Field>
      <button
        type="button"
        aria-label={t(shown ? "password.hide" : "password.show")}
        aria-pressed={shown}
        className="absolute top-0 right-0 flex min-h-6 items-center gap-1.5 rounded-check px-1 text-ink-2 text-meta hover:text-ink"
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff className="size-4" aria-hidden /> : <Eye className="size-4" aria-hidden />}
      </button>
    </div>
  );
}

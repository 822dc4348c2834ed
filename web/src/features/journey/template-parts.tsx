/** What the parts of the template editor share. */
import { createContext, type ReactNode, use } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import type { Label } from "./api";

export interface ExpressionProps {
  label: string;
  text: string;
  onChange: (text: string) => void;
  error: string | undefined;
  disabled: boolean;
}

/** How an expression is built: client management's own, handed over by the route. */
export const ExpressionContext = createContext<((props: ExpressionProps) => ReactNode) | null>(
  null,
);
export const useExpressionField = () => use(ExpressionContext);

/** What a part needs to know of the whole. */
export interface EditorPart {
  errorOf: (field: string) => string | undefined;
  disabled: boolean;
}

/** A name in both languages; one of them is enough. */
export function LabelFields({
  label,
  value,
  onChange,
  error,
  long,
  optional,
}: {
  label: string;
  value: Label;
  onChange: (value: Label) => void;
  error?: string;
  long?: boolean;
  optional?: boolean;
}) {
  const { t } = useTranslation("journey");
  const Control = long ? Textarea : Input;
  return (
    <div className="grid gap-3 md:grid-cols-2">
      {(["fr", "en"] as const).map((locale) => (
        <Field
          key={locale}
          label={t(`template.in.${locale}`, { label })}
          error={locale === "fr" ? error : undefined}
          optional={optional}
        >
          <Control
            value={value[locale]}
            lang={locale}
            maxLength={long ? 500 : 120}
            onChange={(event: { target: { value: string } }) =>
              onChange({ ...value, [locale]: event.target.value })
            }
            className={long ? "min-h-14" : undefined}
          />
        </Field>
      ))}
    </div>
  );
}

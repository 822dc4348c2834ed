/**
 * Label above, control, help below, error under the field. The controls of this folder (Input,
 * Textarea, Select) pick their id and their descriptions from the field they stand in.
 */
import { createContext, type ReactNode, use, useId } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { CriticalGlyph } from "./health";

interface FieldState {
  id: string;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
}
const FieldContext = createContext<FieldState | null>(null);

/** For a control of your own: spread the result on it. */
export function useFieldProps(props: { id?: string } = {}) {
  const field = use(FieldContext);
  if (!field) return { id: props.id };
  return {
    id: props.id ?? field.id,
    "aria-describedby": field.describedBy,
    "aria-invalid": field.invalid || undefined,
    "aria-required": field.required || undefined,
  };
}

export interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Writes "optional" beside the label. */
  optional?: boolean;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
}

export function Field({
  label,
  help,
  error,
  required = false,
  optional,
  hideLabel,
  className,
  children,
}: FieldProps) {
  const { t } = useTranslation();
  const id = useId();
  const describedBy = [help ? `${id}-help` : "", error ? `${id}-error` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <FieldContext
      value={{ id, describedBy: describedBy || undefined, invalid: Boolean(error), required }}
    >
      <div className={cn("flex flex-col gap-1.5", className)}>
        <label htmlFor={id} className={cn("font-medium text-body", hideLabel && "sr-only")}>
          {label}
          {optional && (
            <span className="ml-1.5 font-normal text-ink-3">({t("state.optional")})</span>
          )}
        </label>
        {children}
        {help && (
          <p id={`${id}-help`} className="text-ink-3 text-meta">
            {help}
          </p>
        )}
        {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      </div>
    </FieldContext>
  );
}

/** The refusal, with its icon; also for a whole form. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1.5 text-body text-critical-text">
      <CriticalGlyph className="mt-0.5 size-4" />
      <span>{children}</span>
    </p>
  );
}

/** Checkbox and switch. */
import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

export interface CheckboxProps {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  /** Written on the right; with `hideLabel` only said. */
  label: ReactNode;
  hideLabel?: boolean;
  help?: ReactNode;
  disabled?: boolean;
  className?: string;
}

export function Checkbox({
  checked,
  onChange,
  label,
  hideLabel,
  help,
  disabled,
  className,
}: CheckboxProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-1", className)}>
      {/* The box is 16 px, its target 24 (40 on touch). */}
      <RadixCheckbox.Root
        id={id}
        checked={checked}
        disabled={disabled}
        aria-describedby={help ? `${id}-help` : undefined}
        onCheckedChange={(value) => onChange(value === true)}
        className="group -my-0.5 -ml-1 flex size-6 shrink-0 items-center justify-center rounded-check disabled:opacity-50 pointer-coarse:-my-2.5 pointer-coarse:-ml-3 pointer-coarse:size-10"
      >
        <span className="flex size-4 items-center justify-center rounded-check border border-border-strong bg-surface text-on-accent group-data-[state=checked]:border-accent group-data-[state=indeterminate]:border-accent group-data-[state=checked]:bg-accent group-data-[state=indeterminate]:bg-accent">
          <RadixCheckbox.Indicator>
            {checked === "indeterminate" ? (
              <Minus className="size-3" strokeWidth={3} aria-hidden />
            ) : (
              <Check className="size-3" strokeWidth={3} aria-hidden />
            )}
          </RadixCheckbox.Indicator>
        </span>
      </RadixCheckbox.Root>
      <span className={hideLabel ? "sr-only" : undefined}>
        <label htmlFor={id} className="cursor-pointer">
          {label}
        </label>
        {help && (
          <span id={`${id}-help`} className="block text-ink-3 text-meta">
            {help}
          </span>
        )}
      </span>
    </div>
  );
}

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  help?: ReactNode;
  disabled?: boolean;
  className?: string;
}

/** A setting that takes effect at once. Words left, switch right. */
export function Switch({ checked, onChange, label, help, disabled, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-center justify-between gap-4", className)}>
      <span>
        <label htmlFor={id} className="cursor-pointer font-medium">
          {label}
        </label>
        {help && (
          <span id={`${id}-help`} className="block text-ink-3 text-meta">
            {help}
          </span>
        )}
      </span>
      <RadixSwitch.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-describedby={help ? `${id}-help` : undefined}
        className="flex h-6 w-10 shrink-0 items-center rounded-full border border-border-strong bg-sunken px-0.5 transition-colors duration-120 disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <RadixSwitch.Thumb className="size-4 rounded-full bg-ink-3 transition-transform duration-120 data-[state=checked]:translate-x-4.5 data-[state=checked]:bg-on-accent" />
      </RadixSwitch.Root>
    </div>
  );
}

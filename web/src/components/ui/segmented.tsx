/** A few exclusive choices: 3 / 6 / 12 months. The browser's own radio buttons: arrows move. */
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

export interface SegmentedProps<T extends string | number> {
  /** Says what is chosen ("Period"). */
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode }[];
  className?: string;
}

export function Segmented<T extends string | number>({
  label,
  value,
  onChange,
  options,
  className,
}: SegmentedProps<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn(
        "inline-flex h-8 shrink-0 items-center rounded-control border border-border bg-sunken p-0.5 pointer-coarse:h-11",
        className,
      )}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            "relative flex h-full items-center whitespace-nowrap rounded-[5px] border px-2.5 transition-colors duration-120",
            option.value === value
              ? "border-border bg-segment font-medium text-ink"
              : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {/* It covers its words: what is clicked and outlined is the radio button itself. */}
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-[5px]"
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}

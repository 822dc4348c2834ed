/** What a whole is made of: parts side by side with 2 px gaps, said in full to screen readers. */
import { cn } from "@/lib/cn";

/** Backgrounds of the series; whole names, so that the style sheet contains them. */
export const seriesFill = {
  1: "bg-series-1",
  2: "bg-series-2",
  3: "bg-series-3",
  4: "bg-series-4",
  5: "bg-series-5",
  6: "bg-series-6",
} as const;

export interface CompositionPart {
  key: string;
  label: string;
  /** Size of the part (its absolute value counts). */
  value: number;
  /** The value as it is written. */
  display: string;
  /** Background class, written in full: `seriesFill[1]`, `"bg-critical-mark"`… */
  fill: string;
}

export interface CompositionBarProps {
  label: string;
  parts: readonly CompositionPart[];
  /** The whole, when the parts do not fill it. */
  total?: number;
  className?: string;
}

export function CompositionBar({ label, parts, total, className }: CompositionBarProps) {
  const sum = parts.reduce((all, part) => all + Math.abs(part.value), 0);
  const whole = Math.max(total ?? sum, sum);
  const shown = parts.filter((part) => part.value !== 0);
  return (
    <div
      role="img"
      aria-label={`${label}, ${parts.map((part) => `${part.label} ${part.display}`).join(", ")}`}
      className={cn("flex h-1.5 gap-0.5 overflow-hidden rounded-full bg-sunken", className)}
    >
      {whole > 0 &&
        shown.map((part) => (
          <span
            key={part.key}
            className={cn("h-full min-w-[3px]", part.fill)}
            style={{ width: `${(100 * Math.abs(part.value)) / whole}%` }}
          />
        ))}
    </div>
  );
}

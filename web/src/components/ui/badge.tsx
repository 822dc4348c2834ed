/** A word on a soft fill, 20 px high. The tone repeats what the word says. */
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export type Tone = "neutral" | "accent" | "excellent" | "good" | "watch" | "critical" | "solid";

const tones: Record<Tone, string> = {
  neutral: "bg-sunken text-ink-2",
  accent: "bg-accent-soft text-accent-words",
  excellent: "bg-excellent-soft text-excellent-text",
  good: "bg-good-soft text-good-text",
  watch: "bg-watch-soft text-watch-text",
  critical: "bg-critical-soft text-critical-text",
  solid: "bg-accent text-on-accent font-semibold text-tick px-1.5 h-[18px]",
};

export interface BadgeProps {
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Badge({ tone = "neutral", icon, className, children }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full shrink-0 items-center gap-1 whitespace-nowrap rounded-check px-1.5 font-medium text-meta [&_svg]:size-3 [&_svg]:shrink-0",
        tones[tone],
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** The rising arrow on its square of accent. */
import { cn } from "@/lib/cn";

export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={cn("size-8 shrink-0", className)} fill="none">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g stroke="var(--on-accent)" strokeWidth="3.2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M8 22.5c5.2 0 8.6-1.7 11.7-6.7l2.5-4" />
        <path d="M14.8 11.2l8-1.7 1.2 8" />
      </g>
    </svg>
  );
}

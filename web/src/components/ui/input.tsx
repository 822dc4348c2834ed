/** Text controls. On phones they are 16 px so that the browser does not zoom. */
import { ChevronDown, Search } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { useFieldProps } from "./field";

const control =
  "w-full min-w-0 rounded-control border border-border-strong bg-surface px-3 text-[1rem] leading-5 text-ink transition-colors duration-120 hover:border-ink-3 aria-invalid:border-critical-mark aria-invalid:ring-1 aria-invalid:ring-critical-mark disabled:bg-sunken disabled:text-ink-3 md:text-body";

export function Input({ className, id, ...props }: ComponentProps<"input">) {
  return (
    <input
      {...useFieldProps({ id })}
      className={cn(control, "h-9 pointer-coarse:h-11", className)}
      {...props}
    />
  );
}

export function Textarea({ className, id, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      {...useFieldProps({ id })}
      className={cn(control, "min-h-20 py-2", className)}
      {...props}
    />
  );
}

/** The browser's own list: complete by keyboard, at home on phones. */
export function Select({ className, id, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={cn("relative block", className)}>
      <select
        {...useFieldProps({ id })}
        className={cn(control, "h-9 appearance-none truncate pr-9 pointer-coarse:h-11")}
        {...props}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-ink-3"
      />
    </span>
  );
}

/** A search box; give it an `aria-label`. */
export function SearchInput({ className, ...props }: ComponentProps<"input">) {
  return (
    <span className={cn("relative block", className)}>
      <Search
        aria-hidden
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-ink-3"
      />
      <Input type="search" autoComplete="off" className="h-8 pl-8" {...props} />
    </span>
  );
}

/** Totals under a table. */
import type { ReactNode } from "react";

export function Footer({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 border-border border-t px-4 py-2.5 text-body text-ink-2">
      {children}
    </div>
  );
}

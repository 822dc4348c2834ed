/** Plain table parts for short lists; long ones use components/data-table. */
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

/** Scrolls sideways inside its card rather than widening the page. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <div
      className="relative overflow-x-auto"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      role="group"
      aria-label={props["aria-label"]}
    >
      <table
        className={cn(
          "w-full border-collapse text-body [&>tbody>tr:last-child>*]:border-b-0",
          className,
        )}
        {...props}
      />
    </div>
  );
}

export function Th({
  className,
  end,
  ...props
}: ComponentProps<"th"> & {
  /** Right-aligned: figures. */ end?: boolean;
}) {
  return (
    <th
      scope="col"
      className={cn(
        "h-8 whitespace-nowrap border-border border-b px-2 font-normal text-ink-3 first:pl-4 last:pr-4",
        end ? "text-right" : "text-left",
        className,
      )}
      {...props}
    />
  );
}

export function Td({ className, end, ...props }: ComponentProps<"td"> & { end?: boolean }) {
  return (
    <td
      className={cn(
        "h-10 border-border border-b px-2 first:pl-4 last:pr-4",
        end && "tnum whitespace-nowrap text-right",
        className,
      )}
      {...props}
    />
  );
}

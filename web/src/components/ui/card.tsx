/** A surface with a hairline. Its title is a finding; its subtitle says how sure and since when. */
import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/cn";

export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      className={cn("min-w-0 rounded-card border border-border bg-surface", className)}
      {...props}
    />
  );
}

export interface CardHeaderProps {
  title: ReactNode;
  subtitle?: ReactNode;
  /** Controls on the right. */
  actions?: ReactNode;
  /** Heading level (2 by default). */
  level?: 2 | 3;
  /** Id of the heading, for `aria-labelledby` on the card. */
  id?: string;
  className?: string;
}

export function CardHeader({
  title,
  subtitle,
  actions,
  level = 2,
  id,
  className,
}: CardHeaderProps) {
  const Heading = `h${level}` as const;
  return (
    <div
      className={cn(
        "flex flex-wrap justify-between gap-x-4 gap-y-2 px-4 pt-4 pb-3",
        // A title alone stands on the line of its controls.
        subtitle ? "items-start" : "items-center",
        className,
      )}
    >
      <div className="min-w-0 flex-1 basis-48">
        <Heading id={id} className="font-semibold text-card">
          {title}
        </Heading>
        {subtitle && <p className="mt-0.5 text-body text-ink-2">{subtitle}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}

export function CardBody({ className, ...props }: ComponentProps<"div">) {
  return <div className={cn("px-4 pb-4", className)} {...props} />;
}

/** Last line of a card: "Voir les 214 clients". */
export function CardFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={cn("flex items-center gap-4 border-border border-t px-4 py-2.5", className)}
      {...props}
    />
  );
}

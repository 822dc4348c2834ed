/**
 * What a page says when it has nothing, waits, fails or knows only a part. A skeleton has the final
 * shape; an error says what, what still holds, and how to try again.
 */
import { RotateCcw, Sprout } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useDelayed } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { Button } from "./button";
import { CriticalGlyph, WatchGlyph } from "./health";

/** One grey shape; set its size by class. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-control bg-sunken", className)} />;
}

/** Shows its children (skeletons) only once loading has lasted 200 ms. */
export function Loading({
  label,
  children,
  className,
}: {
  label?: string;
  children: ReactNode;
  className?: string;
}) {
  const { t } = useTranslation();
  const late = useDelayed(true);
  return (
    <div role="status" className={cn(!late && "invisible", className)}>
      <span className="sr-only">{label ?? t("state.loading")}</span>
      {children}
    </div>
  );
}

export interface EmptyStateProps {
  icon?: ReactNode;
  title: ReactNode;
  text?: ReactNode;
  /** Two ways in, the main one first. */
  actions?: ReactNode;
  /** A third, quieter way. */
  footer?: ReactNode;
  level?: 1 | 2 | 3;
  className?: string;
}

export function EmptyState({
  icon,
  title,
  text,
  actions,
  footer,
  level = 2,
  className,
}: EmptyStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div
      className={cn(
        "mx-auto flex max-w-md flex-col items-center px-4 py-8 text-center [&>span>svg]:size-5",
        className,
      )}
    >
      <span className="mb-3 flex size-10 items-center justify-center rounded-card bg-accent-soft text-accent-words">
        {icon ?? <Sprout aria-hidden />}
      </span>
      <Heading className="font-semibold text-card">{title}</Heading>
      {text && <p className="mt-1 text-balance text-body text-ink-2">{text}</p>}
      {actions && <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div>}
      {footer && <div className="mt-3 text-body">{footer}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** What failed: "La prévision n'a pas pu être calculée". */
  title: ReactNode;
  error?: unknown;
  /** What still holds; by default the sentence of the error. */
  text?: ReactNode;
  onRetry?: () => void;
  retryLabel?: string;
  className?: string;
}

export function ErrorState({
  title,
  error,
  text,
  onRetry,
  retryLabel,
  className,
}: ErrorStateProps) {
  const { t } = useTranslation();
  const reference = error instanceof ApiError ? error.requestId : null;
  return (
    <div
      role="alert"
      className={cn("flex items-start gap-3 rounded-card bg-critical-soft p-4", className)}
    >
      <CriticalGlyph className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1 text-body">
        <p className="font-semibold">{title}</p>
        <p className="text-ink-2">{text ?? errorText(error)}</p>
        {reference && (
          <p className="break-all text-ink-2">{t("state.reference", { id: reference })}</p>
        )}
        {onRetry && (
          <Button className="mt-3" onClick={onRetry}>
            <RotateCcw aria-hidden />
            {retryLabel ?? t("actions.retry")}
          </Button>
        )}
      </div>
    </div>
  );
}

export interface NoticeProps {
  title: ReactNode;
  children?: ReactNode;
  /** A link or a button. */
  action?: ReactNode;
  className?: string;
}

/** Amber note: something is partial; names the source and its age. */
export function Notice({ title, children, action, className }: NoticeProps) {
  return (
    <div
      role="note"
      className={cn("flex items-start gap-3 rounded-card bg-watch-soft p-4", className)}
    >
      <WatchGlyph className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1 text-body">
        <p className="font-semibold">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
        {action && <div className="mt-1">{action}</div>}
      </div>
    </div>
  );
}

/** Too little history: how many of how many. */
export function NotYet({
  title,
  text,
  have,
  need,
}: {
  title: ReactNode;
  text: ReactNode;
  have: number;
  need: number;
}) {
  return (
    <div>
      <p className="font-semibold">{title}</p>
      <p className="text-ink-2">{text}</p>
      <div
        role="img"
        aria-label={`${have} / ${need}`}
        className="mt-3 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: `${Math.min(100, (100 * have) / Math.max(1, need))}%` }}
        />
      </div>
    </div>
  );
}

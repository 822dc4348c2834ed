/** One key figure: label, value that opens its provenance, change, composition, bottom line. */
import { type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";
import { useFlash } from "@/lib/live";
import { Card } from "./card";
import { Change, type ChangeProps } from "./change";
import { CompositionBar, type CompositionBarProps } from "./composition-bar";
import { NumberDoor, type Provenance } from "./number-door";
import { Loading, Skeleton } from "./states";

export interface KpiCardProps {
  label: string;
  /** The figure, written: `186 420`. Amounts: `{...format.moneyParts(cents)}`. */
  value: string;
  /** Beside it: `€`, `/ 100`, `sur 214`. */
  unit?: ReactNode;
  /** A mark after the unit (health glyph and word). */
  mark?: ReactNode;
  change?: ChangeProps;
  /** What the change compares with: "sur 30 jours · couverture 92 %". */
  reference?: ReactNode;
  /** On phones, under it: what the last line says elsewhere. */
  aside?: ReactNode;
  /** A bar, or any node (a HealthBar) in its place. */
  composition?: CompositionBarProps | ReactNode;
  /** Last line: two or three short facts. */
  footer?: ReactNode;
  provenance: Provenance;
  className?: string;
}

function isBar(value: KpiCardProps["composition"]): value is CompositionBarProps {
  return typeof value === "object" && value !== null && "parts" in value;
}

export function KpiCard({
  label,
  value,
  unit,
  mark,
  change,
  reference,
  aside,
  composition,
  footer,
  provenance,
  className,
}: KpiCardProps) {
  const id = useId();
  const flash = useFlash(value);
  return (
    <Card aria-labelledby={id} className={cn("flex flex-col p-4 max-md:p-3.5", className)}>
      <h2 id={id} className="font-normal text-body text-ink-2">
        {label}
      </h2>
      <div className="mt-0.5 flex flex-wrap items-baseline gap-x-3">
        <NumberDoor provenance={provenance}>
          <span className={cn("tnum font-semibold text-kpi max-md:text-page", flash)}>{value}</span>
          {unit && <span className="text-value text-ink-2">{unit}</span>}
        </NumberDoor>
        {mark}
      </div>
      {(change || reference || aside) && (
        <p className="mt-1 flex flex-wrap items-baseline gap-x-2 text-body text-ink-2 max-md:text-meta">
          {change && <Change {...change} />}
          {reference && <span>{reference}</span>}
          {aside && <span className="basis-full md:hidden">{aside}</span>}
        </p>
      )}
      {composition && (
        <div className="mt-auto pt-3">
          {isBar(composition) ? <CompositionBar {...composition} /> : composition}
        </div>
      )}
      {footer && (
        <div className="mt-2 flex flex-wrap justify-between gap-x-3 text-ink-2 text-meta max-md:hidden">
          {footer}
        </div>
      )}
    </Card>
  );
}

/** Same shape, while the figure is on its way. */
export function KpiCardSkeleton() {
  return (
    <Card className="p-4">
      <Loading>
        <Skeleton className="h-4 w-24" />
        <Skeleton className="mt-3 h-7 w-36 max-w-full" />
        <Skeleton className="mt-3 h-4 w-44 max-w-full" />
        <Skeleton className="mt-4 h-1.5 w-full" />
      </Loading>
    </Card>
  );
}

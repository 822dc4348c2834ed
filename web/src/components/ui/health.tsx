/**
 * Health is shown by shape, word and colour together: disc with tick, ring with dot, triangle,
 * octagon with cross, dashed ring.
 */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { type HealthFloors, useFormat, useHealthFloors } from "@/lib/session";
import { Badge } from "./badge";
import { CompositionBar } from "./composition-bar";

export type HealthClass = "excellent" | "good" | "watch" | "critical" | "unknown";
export const HEALTH_CLASSES = ["excellent", "good", "watch", "critical", "unknown"] as const;

/** The class of a score that belongs to no single client: a mean, a component. A client's own comes with it. */
export function classOfScore(score: number | null | undefined, floors: HealthFloors): HealthClass {
  if (score == null) return "unknown";
  if (score >= floors.excellent) return "excellent";
  if (score >= floors.good) return "good";
  return score >= floors.watch ? "watch" : "critical";
}

export const healthText: Record<HealthClass, string> = {
  excellent: "text-excellent-text",
  good: "text-good-text",
  watch: "text-watch-text",
  critical: "text-critical-text",
  unknown: "text-ink-2",
};
export const healthFill: Record<HealthClass, string> = {
  excellent: "bg-excellent-mark",
  good: "bg-good-mark",
  watch: "bg-watch-mark",
  critical: "bg-critical-mark",
  unknown:
    "bg-[repeating-linear-gradient(135deg,var(--border-strong)_0_3px,var(--sunken)_3px_6px)]",
};

/** The canvas of every mark: as high as the words beside it, unless it is told otherwise. */
export function Glyph({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      className={cn("size-[1em] shrink-0", className)}
      fill="none"
    >
      {children}
    </svg>
  );
}

export function CriticalGlyph({ className }: { className?: string }) {
  return (
    <Glyph className={className}>
      <path fill="var(--critical-mark)" d="M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z" />
      <path
        d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"
        stroke="var(--surface)"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </Glyph>
  );
}

export function WatchGlyph({ className }: { className?: string }) {
  return (
    <Glyph className={className}>
      <path
        fill="var(--watch-mark)"
        d="M6.9 1.6a1.3 1.3 0 0 1 2.2 0l6.3 11.2a1.3 1.3 0 0 1-1.1 2H1.7a1.3 1.3 0 0 1-1.1-2z"
      />
      <path d="M8 5.8v3.6" stroke="var(--surface)" strokeWidth="1.7" strokeLinecap="round" />
      <circle cx="8" cy="12" r="1" fill="var(--surface)" />
    </Glyph>
  );
}

export function HealthGlyph({ of, className }: { of: HealthClass; className?: string }) {
  switch (of) {
    case "excellent":
      return (
        <Glyph className={className}>
          <circle cx="8" cy="8" r="7.2" fill="var(--excellent-mark)" />
          <path
            d="M4.9 8.3l2.2 2.2 4-4.6"
            stroke="var(--surface)"
            strokeWidth="1.8"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </Glyph>
      );
    case "good":
      return (
        <Glyph className={className}>
          <circle cx="8" cy="8" r="6" stroke="var(--good-mark)" strokeWidth="2.2" />
          <circle cx="8" cy="8" r="2.6" fill="var(--good-mark)" />
        </Glyph>
      );
    case "watch":
      return <WatchGlyph className={className} />;
    case "critical":
      return <CriticalGlyph className={className} />;
    case "unknown":
      return (
        <Glyph className={className}>
          <circle
            cx="8"
            cy="8"
            r="6.2"
            stroke="var(--border-strong)"
            strokeWidth="1.8"
            strokeDasharray="3.2 2.360"
          />
        </Glyph>
      );
  }
}

export interface HealthMarkProps {
  score: number | null | undefined;
  /** From the server; worked out from the score by everybody's profile when absent. */
  class?: HealthClass;
  /** Share of the data known (0–1): says why there is no score. */
  coverage?: number | null;
  /** Writes the word after the number. */
  word?: boolean;
  className?: string;
}

/** Glyph and number: `⊗ 41`. Without a score: `◌ Données à 31 %`, or a dash. */
export function HealthMark({ score, class: given, coverage, word, className }: HealthMarkProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const floors = useHealthFloors();
  const of = given ?? classOfScore(score, floors);
  const name = t(`health.${of}`);
  const missing =
    coverage == null ? "" : t("health.coverage", { pct: format.percent(coverage, { digits: 0 }) });
  const said =
    score == null
      ? [t("health.noScore"), missing].filter(Boolean).join(", ")
      : t("health.score", { score: format.number(score), class: name.toLowerCase() });
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 whitespace-nowrap font-semibold",
        healthText[of],
        className,
      )}
    >
      <HealthGlyph of={of} className="text-[1.1em]" />
      <span className="sr-only">{said}</span>
      {score == null ? (
        <span aria-hidden className="font-normal">
          {missing || format.number(null)}
        </span>
      ) : (
        <span aria-hidden className="tnum">
          {format.number(score)}
          {word && <span className="ml-1.5 font-medium">{name}</span>}
        </span>
      )}
    </span>
  );
}

/** The word on its soft fill. */
export function HealthBadge({
  class: of,
  coverage,
}: {
  class: HealthClass;
  coverage?: number | null;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Badge tone={of === "unknown" ? "neutral" : of} icon={<HealthGlyph of={of} />}>
      {of === "unknown" && coverage != null
        ? t("health.coverage", { pct: format.percent(coverage, { digits: 0 }) })
        : t(`health.${of}`)}
    </Badge>
  );
}

export interface HealthBarProps {
  counts: Record<HealthClass, number>;
  /** Counts with glyphs under the bar (default). */
  labels?: boolean;
  className?: string;
}

/** How clients share out between the classes. */
export function HealthBar({ counts, labels = true, className }: HealthBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={className}>
      <CompositionBar
        label={t("health.distribution")}
        parts={HEALTH_CLASSES.map((of) => ({
          key: of,
          label: t(`health.${of}`),
          value: counts[of],
          display: format.number(counts[of]),
          fill: healthFill[of],
        }))}
      />
      {labels && (
        <ul className="mt-2 flex flex-wrap justify-between gap-x-1.5 gap-y-1">
          {HEALTH_CLASSES.filter((of) => of !== "unknown" || counts.unknown > 0).map((of) => (
            <li key={of} className="inline-flex items-center gap-1.5 text-meta max-md:gap-1">
              <HealthGlyph of={of} className="size-3" />
              <span className="sr-only">
                {t("health.count", {
                  count: counts[of],
                  n: format.number(counts[of]),
                  class: t(`health.${of}`).toLowerCase(),
                })}
              </span>
              <span aria-hidden className="tnum font-medium">
                {format.number(counts[of])}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

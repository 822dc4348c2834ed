/** Marks of a stage and of a milestone: a shape and a word, never a colour alone. */
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/ui/badge";
import { CriticalGlyph, Glyph, HealthGlyph, WatchGlyph } from "@/components/ui/health";
import { cn } from "@/lib/cn";
import type { Impact, MilestoneStatus, StageStatus } from "./api";

/** Tick on a disc: done. Ring with a dot: under way. Triangle: at risk. Ring: to come. Arrow: skipped. */
export function StageGlyph({ status, className }: { status: StageStatus; className?: string }) {
  const size = cn("size-4", className);
  switch (status) {
    case "completed":
      return <HealthGlyph of="excellent" className={size} />;
    case "at_risk":
      return <WatchGlyph className={size} />;
    case "active":
      return (
        <Glyph className={size}>
          <circle cx="8" cy="8" r="6.2" stroke="var(--accent)" strokeWidth="2" />
          <circle cx="8" cy="8" r="2.8" fill="var(--accent)" />
        </Glyph>
      );
    case "skipped":
      return (
        <Glyph className={size}>
          <circle
            cx="8"
            cy="8"
            r="6.2"
            stroke="var(--border-strong)"
            strokeWidth="1.8"
            strokeDasharray="3.2 2.36"
          />
          <path
            d="M5.6 5.4L8.2 8l-2.6 2.6M9 5.4L11.6 8 9 10.6"
            stroke="var(--ink-3)"
            strokeWidth="1.4"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </Glyph>
      );
    default:
      return (
        <Glyph className={size}>
          <circle cx="8" cy="8" r="6.2" stroke="var(--border-strong)" strokeWidth="1.8" />
        </Glyph>
      );
  }
}

export const STAGE_TEXT: Record<StageStatus, string> = {
  completed: "text-excellent-text",
  active: "text-accent-words",
  at_risk: "text-watch-text",
  pending: "text-ink-3",
  skipped: "text-ink-3",
};

const STAGE_TONE: Record<StageStatus, Tone> = {
  completed: "excellent",
  active: "accent",
  at_risk: "watch",
  pending: "neutral",
  skipped: "neutral",
};

export function StageBadge({ status }: { status: StageStatus }) {
  const { t } = useTranslation("journey");
  return (
    <Badge tone={STAGE_TONE[status]} icon={<StageGlyph status={status} />}>
      {t(`status.${status}`)}
    </Badge>
  );
}

/** The stage was read off tenure and use, not lived through here. */
export function InferredBadge() {
  const { t } = useTranslation("journey");
  return (
    <span title={t("inferredText")}>
      <Badge>{t("inferred")}</Badge>
    </span>
  );
}

const MILESTONE: Record<MilestoneStatus, { tone: Tone; glyph: StageStatus }> = {
  completed: { tone: "excellent", glyph: "completed" },
  // Drawn with a shape of its own.
  overdue: { tone: "critical", glyph: "at_risk" },
  due_soon: { tone: "watch", glyph: "active" },
  upcoming: { tone: "neutral", glyph: "pending" },
};

export function MilestoneBadge({ status }: { status: MilestoneStatus }) {
  const { t } = useTranslation("journey");
  return <Badge tone={MILESTONE[status].tone}>{t(`milestone.status.${status}`)}</Badge>;
}

export function MilestoneGlyph({
  status,
  className,
}: {
  status: MilestoneStatus;
  className?: string;
}) {
  return status === "overdue" ? (
    <CriticalGlyph className={cn("size-4", className)} />
  ) : (
    <StageGlyph status={MILESTONE[status].glyph} className={className} />
  );
}

export function ImpactBadge({ impact, critical }: { impact: Impact; critical: boolean }) {
  const { t } = useTranslation("journey");
  return (
    <>
      {critical && <Badge tone="critical">{t("milestone.critical")}</Badge>}
      <Badge>{t(`milestone.impactOf.${impact}`)}</Badge>
    </>
  );
}

/** A share as a bar; the figure stands beside it. */
export function ProgressBar({
  pct,
  status,
  className,
}: {
  pct: number;
  status?: StageStatus;
  className?: string;
}) {
  const fill =
    status === "completed"
      ? "bg-excellent-mark"
      : status === "at_risk"
        ? "bg-watch-mark"
        : "bg-accent";
  return (
    <span
      aria-hidden
      className={cn("block h-1.5 overflow-hidden rounded-full bg-sunken", className)}
    >
      <span
        className={cn("block h-full rounded-full", fill)}
        style={{ width: `${Math.max(0, Math.min(100, pct))}%` }}
      />
    </span>
  );
}

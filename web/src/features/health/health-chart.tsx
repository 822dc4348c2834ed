/** The curve of the score with its classes and its alert threshold; what was recomputed is dashed. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LineChart } from "@/components/charts";
import { RelativeTime } from "@/components/ui/misc";
import { Segmented } from "@/components/ui/segmented";
import { usePhone } from "@/lib/hooks";
import { useFormat, useHealthFloors } from "@/lib/session";
import { type Days, type Health, PERIODS } from "./api";
import { floorsOf, inForce, profilesQuery } from "./api-profiles";
import { daily, findingOf } from "./history";

/** The part of a range that the curve shows. */
function within(
  points: readonly { day: string }[],
  { from, to }: { from: string; to: string },
): readonly [string, string] | undefined {
  const first = points[0]?.day;
  const last = points.at(-1)?.day;
  if (!first || !last || from > last || to < first || from >= to) return undefined;
  return [from < first ? first : from, to > last ? last : to];
}

export interface HealthChartProps {
  health: Health;
  days: Days;
  onDays: (days: Days) => void;
  /** The day on which the score stopped, with the last subscription. */
  frozenOn?: string | null;
  height?: number;
  /** Whose thresholds make the classes. */
  segment?: string | null;
  /** A day that is looked at, and days that are compared. */
  day?: string;
  range?: { from: string; to: string };
  onDay?: (day: string) => void;
  onRange?: (range: { from: string; to: string }) => void;
}

export function HealthChart({
  health,
  days,
  onDays,
  frozenOn,
  height,
  segment,
  day,
  range,
  onDay,
  onRange,
}: HealthChartProps) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const phone = usePhone();
  const today = format.today();
  // A living score holds until today, whenever it last changed.
  const until = frozenOn ?? [today, health.asOfDay ?? today].sort().at(-1) ?? today;
  const points = daily(health.history, until);
  const finding = findingOf(points, days);
  const span = (count: number) =>
    count === 365
      ? t("chart.year")
      : t("common:health.unit.days", { count, n: format.number(count) });
  const title =
    finding.kind === "none"
      ? t("chart.none")
      : finding.kind === "single"
        ? t("chart.single", { score: format.number(finding.score) })
        : finding.kind === "flat"
          ? t("chart.flat", { score: format.number(finding.score), span: span(finding.days) })
          : t(`chart.${finding.kind}`, {
              count: finding.points,
              n: format.number(finding.points),
              span: span(finding.days),
            });

  const pct = format.percent(health.coverage, { digits: 0 });
  const recomputed = points.some((point) => point.recomputed && point.score !== null);
  const recorded = points.some((point) => !point.recomputed && point.score !== null);
  const series = [
    ...(recorded || !recomputed
      ? [{ key: "recorded", label: t("chart.recorded"), color: "ink" as const }]
      : []),
    ...(recomputed
      ? [
          {
            key: "recomputed",
            label: t("chart.recomputed"),
            color: "ink" as const,
            dash: "dashed" as const,
          },
        ]
      : []),
  ];
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles && inForce(profiles, segment)?.profile;
  const everybodys = useHealthFloors();
  const floors = { ...(profile ? floorsOf(profile) : everybodys), critical: 0 };
  const zone = (of: "excellent" | "good" | "watch" | "critical", to: number) => ({
    from: floors[of],
    to,
    tone: of,
    label: t(`common:health.${of}`),
  });

  return (
    <LineChart
      title={title}
      subtitle={
        <>
          {health.score == null
            ? t("chart.factsNone", { pct })
            : t("chart.facts", {
                score: format.number(health.score),
                class: t(`common:health.${health.class}`).toLowerCase(),
                pct,
              })}
          {frozenOn
            ? t("chart.frozen", { day: format.date(frozenOn) })
            : health.computedAt && (
                <>
                  {t("chart.at")} <RelativeTime at={health.computedAt} />
                </>
              )}
        </>
      }
      unit={t("chart.unit")}
      actions={
        <Segmented
          label={t("chart.period")}
          value={days}
          onChange={onDays}
          options={PERIODS.map((value) => ({ value, label: t(`chart.period${value}`) }))}
        />
      }
      points={points.map((point, index) => {
        // The two parts share a point, so that the curve has no hole.
        const joins = point.recomputed && points[index + 1]?.recomputed === false;
        return {
          key: point.day,
          label: format.date(point.day),
          tick: format.dayMonth(point.day),
          values: {
            recorded: point.recomputed && !joins ? null : point.score,
            recomputed: point.recomputed ? point.score : null,
          },
        };
      })}
      series={series}
      domain={[0, 100]}
      ticks={[0, 20, 40, 60, 80, 100]}
      zones={
        phone
          ? []
          : [
              zone("excellent", 100),
              zone("good", floors.excellent),
              zone("watch", floors.good),
              zone("critical", floors.watch),
            ]
      }
      thresholds={[
        {
          value: health.alertThreshold,
          label: t("chart.threshold", { value: format.number(health.alertThreshold) }),
        },
      ]}
      formatValue={(value) => format.number(value)}
      pointLabel={t("chart.day")}
      height={height}
      onOpenPoint={onDay}
      onRange={onRange && ((from, to) => onRange({ from, to }))}
      marks={day ? [{ key: day, label: t("machine.mark") }] : []}
      span={range && within(points, range)}
      footer={onDay && <p className="text-ink-3 text-meta">{t("chart.how")}</p>}
    />
  );
}

/** Clients by ten points, coloured and named by class; and how the mean went. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { BarChart, ChartSkeleton, LineChart } from "@/components/charts";
import { HEALTH_CLASSES, HealthGlyph } from "@/components/ui/health";
import { ErrorState } from "@/components/ui/states";
import { useFormat, useHealthFloors } from "@/lib/session";
import { isNarrow, MEAN_DAYS, type Portfolio, portfolioDaysQuery, type Scope } from "./api";
import { floorsOf, inForce, profilesQuery } from "./api-profiles";
import { binsOf, countsOf, type MeanPoint, meanByDay, meanChange } from "./distribution";
import type { Filters } from "./portfolio";

export function Distribution({
  portfolio,
  segment,
  onOpen,
}: {
  portfolio: Portfolio;
  segment: string | undefined;
  onOpen: (filters: Filters) => void;
}) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  const format = useFormat();
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles && inForce(profiles, segment)?.profile;
  const everybodys = useHealthFloors();
  const bins = binsOf(portfolio.bins, profile ? floorsOf(profile) : { ...everybodys, critical: 0 });
  const counts = countsOf(bins, portfolio.unknown);
  const scored = portfolio.bins.reduce((sum, count) => sum + count, 0);
  const well = counts && counts.excellent + counts.good;
  const range = (bin: (typeof bins)[number]) =>
    t("distribution.range", { from: format.number(bin.from), to: format.number(bin.to) });
  const names = (bin: (typeof bins)[number]) =>
    bin.classes.map((of) => words(`health.${of}`).toLowerCase()).join(t("distribution.or"));
  return (
    <BarChart
      title={
        scored === 0
          ? t("distribution.none")
          : well === null
            ? t("distribution.title")
            : t("distribution.finding", {
                count: well,
                n: format.number(well),
                of: format.number(scored),
              })
      }
      subtitle={t("distribution.text")}
      unit={t("distribution.unit")}
      pointLabel={t("distribution.score")}
      points={bins.map((bin) => ({
        key: String(bin.from),
        label: t("distribution.point", { range: range(bin), classes: names(bin) }),
        tick: format.number(bin.from),
        tone: bin.main,
        values: { clients: bin.count },
      }))}
      series={[{ key: "clients", label: t("distribution.clients"), color: "ink" }]}
      formatValue={(value) => format.number(value)}
      onOpenPoint={(key) => {
        const bin = bins.find((item) => String(item.from) === key);
        if (bin) onOpen({ health: [...bin.classes].reverse().join(",") });
      }}
      footer={
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {HEALTH_CLASSES.filter((of) => of !== "unknown" || portfolio.unknown > 0).map((of) => (
            <li key={of}>
              <button
                type="button"
                onClick={() => onOpen({ health: of })}
                className="inline-flex min-h-6 items-center gap-1.5 rounded-check text-ink-2 underline-offset-4 hover:text-ink hover:underline pointer-coarse:min-h-10"
              >
                <HealthGlyph of={of} />
                {words(`health.${of}`)}
                {counts && (
                  <span className="tnum font-semibold text-ink">{format.number(counts[of])}</span>
                )}
              </button>
            </li>
          ))}
        </ul>
      }
    />
  );
}

/** How the mean of all active clients went, or of those that the filters leave. */
export function MeanChart({ portfolio, scope }: { portfolio: Portfolio; scope: Scope }) {
  return isNarrow(scope) ? (
    <SliceMean scope={scope} />
  ) : (
    <MeanLine points={meanByDay(portfolio.days, portfolio.day)} filtered={false} />
  );
}

function SliceMean({ scope }: { scope: Scope }) {
  const { t } = useTranslation("health");
  const query = useQuery(portfolioDaysQuery(scope));
  if (query.data) return <MeanLine points={query.data} filtered />;
  if (!query.error) return <ChartSkeleton />;
  return (
    <ErrorState title={t("mean.error")} error={query.error} onRetry={() => void query.refetch()} />
  );
}

function MeanLine({ points, filtered }: { points: MeanPoint[]; filtered: boolean }) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  const format = useFormat();
  const moved = meanChange(points);
  const span =
    moved && words("health.unit.days", { count: moved.days, n: format.number(moved.days) });
  return (
    <LineChart
      title={
        moved === null
          ? t("mean.none")
          : moved.change === 0
            ? t("mean.flat", { span })
            : t(moved.change < 0 ? "mean.lost" : "mean.gained", {
                span,
                points: format.points(Math.abs(moved.change), { signed: false }),
              })
      }
      subtitle={t(filtered ? "mean.textSlice" : "mean.text", { n: format.number(MEAN_DAYS) })}
      unit={t("chart.unit")}
      pointLabel={t("chart.day")}
      points={points.map((point) => ({
        key: point.day,
        label: format.date(point.day),
        tick: format.dayMonth(point.day),
        values: { mean: point.mean },
      }))}
      series={[{ key: "mean", label: t("mean.series"), color: 1 }]}
      formatValue={(value) => format.number(value, { digits: 1 })}
    />
  );
}

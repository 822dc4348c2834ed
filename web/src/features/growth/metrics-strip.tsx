/** The standard ratios over twelve months, side by side; each opens its definition and its parts. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { NumberDoor } from "@/components/ui/number-door";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import type { Format } from "@/lib/format";
import { useLocale } from "@/lib/i18n";
import { useFlash } from "@/lib/live";
import { useFormat } from "@/lib/session";
import { METRIC_MONTHS, type Metric, type MetricPart, type Metrics, metricsQuery } from "./api";
import { sumWriter } from "./figures";
import { ClientsLink, ForecastLink, MovesLink } from "./links";
import { firstDay, isSliced } from "./periods";
import { useSlice } from "./slice";

/** In this order; total MRR has its card above. */
const SHOWN = [
  "arr",
  "arpa",
  "nrr",
  "grr",
  "logoChurn",
  "revenueChurn",
  "quickRatio",
  "ltv",
  "cac",
  "payback",
] as const;
type Shown = (typeof SHOWN)[number];

const GRID = "grid grid-cols-2 gap-px overflow-hidden rounded-card bg-border sm:grid-cols-5";
const CELL = "bg-surface px-4 py-3";

export function metricText(
  format: Format,
  metric: Pick<Metric, "value" | "unit">,
  months: (n: string) => string,
): string {
  if (metric.value == null) return format.number(null);
  if (metric.unit === "cents") return format.money(metric.value);
  if (metric.unit === "ratio") return format.percent(metric.value, { fixed: true });
  if (metric.unit === "months") return months(format.number(metric.value, { digits: 1 }));
  return format.number(metric.value, { digits: 1 });
}

export function MetricsStrip() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const slice = useSlice();
  const metrics = useQuery(metricsQuery(slice));
  const { data } = metrics;
  if (!data) {
    if (metrics.isError) {
      return (
        <ErrorState
          title={t("metrics.error")}
          error={metrics.error}
          onRetry={() => void metrics.refetch()}
        />
      );
    }
    return (
      <Card>
        <Loading className={GRID}>
          {SHOWN.map((key) => (
            <div key={key} className={CELL}>
              <Skeleton className="h-4 w-16" />
              <Skeleton className="mt-2 h-5 w-20" />
              <Skeleton className="mt-2 h-3 w-24 max-w-full" />
            </div>
          ))}
        </Loading>
      </Card>
    );
  }
  return (
    <section aria-labelledby="growth-metrics">
      <h2 id="growth-metrics" className="sr-only">
        {t("metrics.title", {
          months: format.number(METRIC_MONTHS),
          from: format.date(data.from),
          to: format.date(data.asOf),
        })}
      </h2>
      <Card>
        <dl className={GRID}>
          {SHOWN.map((key) => {
            const metric = data.items.find((item) => item.key === key);
            return metric && <Cell key={key} name={key} metric={metric} metrics={data} />;
          })}
        </dl>
      </Card>
    </section>
  );
}

function Cell({ name, metric, metrics }: { name: Shown; metric: Metric; metrics: Metrics }) {
  const { t, i18n } = useTranslation("growth");
  const locale = useLocale();
  const format = useFormat();
  const sliced = isSliced(useSlice()) && name !== "ltv";
  const text = metricText(format, metric, (n) => t("metrics.months", { n }));
  const acquisition = name === "ltv" || name === "cac" || name === "payback";
  const flash = useFlash(text);
  const write = sumWriter(
    format,
    metric.parts.flatMap((part) => part.cents ?? []),
  );
  const partLabel = (part: MetricPart) =>
    i18n.exists(`growth:part.${part.key}`, { lng: locale }) ? t(`part.${part.key}`) : part.key;
  const period = t("metrics.period", {
    from: format.date(firstDay({ from: metrics.from, to: metrics.asOf })),
    to: format.date(metrics.asOf),
  });
  const range = { from: metrics.from, to: metrics.asOf };
  return (
    <div className={CELL}>
      <dt className="text-body text-ink-2">{t(`metrics.${name}.name`)}</dt>
      <dd>
        <NumberDoor
          provenance={{
            title: t(`metrics.${name}.full`),
            formula: t(`metrics.${name}.definition`),
            parts: metric.parts.map((part) => ({
              label: partLabel(part),
              value:
                part.unit === "ratio"
                  ? format.percent(part.ratio)
                  : part.unit === "count"
                    ? format.number(part.count)
                    : part.cents == null
                      ? format.number(null)
                      : write(part.cents, SIGNED.has(part.key)),
            })),
            total: { label: t(`metrics.${name}.name`), value: text },
            note: [
              metric.value == null
                ? t(acquisition ? (sliced ? "metrics.noSlice" : "metrics.noSpend") : "metrics.none")
                : "",
              name === "arr" || name === "arpa"
                ? t("metrics.asOf", { date: format.date(metrics.asOf) })
                : period,
            ]
              .filter(Boolean)
              .join(" "),
            links: acquisition ? (
              <ForecastLink to="acquisition">{t("links.acquisition")}</ForecastLink>
            ) : name === "arr" || name === "arpa" ? (
              <ClientsLink filters={{ status: "active", sort: "-mrr" }}>
                {t("links.byMrr")}
              </ClientsLink>
            ) : (
              <MovesLink
                moves={{
                  ...range,
                  kind: name === "logoChurn" || name === "revenueChurn" ? "churn" : undefined,
                }}
              >
                {name === "logoChurn" || name === "revenueChurn"
                  ? t("links.churns")
                  : t("links.movements")}
              </MovesLink>
            ),
          }}
        >
          <span className={cn("tnum whitespace-nowrap font-semibold text-value", flash)}>
            {text}
          </span>
        </NumberDoor>
      </dd>
      <dd className="text-ink-3 text-meta">{t(`metrics.${name}.short`)}</dd>
    </div>
  );
}

/** Movements carry their sign, levels do not. */
const SIGNED = new Set(["new", "expansion", "reactivation", "contraction", "churn"]);

/** What the clients shown amount to. Each figure opens how it is made, and the clients behind it. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import {
  classOfScore,
  HEALTH_CLASSES,
  HealthBar,
  type HealthClass,
  HealthMark,
} from "@/components/ui/health";
import { NumberDoor, type Provenance } from "@/components/ui/number-door";
import { Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useFlash } from "@/lib/live";
import { useFormat, useHealthFloors } from "@/lib/session";
import type { Figures } from "./api";
import type { AdvancedSearch } from "./search";

export function FiguresStrip({
  figures,
  computedAt,
  stale,
  narrow,
}: {
  figures: Figures | undefined;
  computedAt: number;
  stale: boolean;
  /** The search that shows only those for whom the text holds as well. */
  narrow: (text: string) => AdvancedSearch;
}) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const floors = useHealthFloors();
  if (!figures) {
    return (
      <Card className="p-4">
        <Loading>
          <Skeleton className="h-10 w-full" />
        </Loading>
      </Card>
    );
  }
  const at = new Date(computedAt).toISOString();
  const link = (text: string, label: string) => (
    <Link
      to="/clients/advanced"
      search={narrow(text)}
      className="font-medium text-accent-words underline-offset-4 hover:underline"
    >
      {label}
    </Link>
  );
  const n = format.number(figures.count);
  const statuses = Object.entries(figures.byStatus).filter(([, count]) => count > 0);
  const byClass = Object.fromEntries(
    HEALTH_CLASSES.map((of) => [of, figures.byClass[of] ?? 0]),
  ) as Record<HealthClass, number>;
  const classes = HEALTH_CLASSES.filter((of) => byClass[of] > 0);
  return (
    <Card
      aria-label={t("figures.label")}
      aria-busy={stale}
      className={cn(
        "no-scrollbar relative grid transition-opacity duration-120 max-md:flex max-md:divide-x max-md:divide-border max-md:overflow-x-auto md:grid-cols-3 xl:flex xl:divide-x xl:divide-border",
        stale && "opacity-60",
      )}
    >
      <Cell
        label={t("figures.clients")}
        value={figures.count}
        provenance={{
          title: t("figures.clients"),
          computedAt: at,
          formula: t("figures.clientsFormula"),
          parts: statuses.map(([status, count]) => ({
            label: t(`choice.status.${status}`),
            value: format.number(count),
          })),
          total: { label: t("figures.total"), value: n },
          links: statuses.map(([status]) => (
            <span key={status}>
              {link(
                `status = "${status}"`,
                t("figures.see", { what: t(`choice.status.${status}`) }),
              )}
            </span>
          )),
        }}
      >
        {n}
      </Cell>
      <Cell
        label={t("figures.mrr")}
        value={figures.mrrCents}
        provenance={{
          title: t("figures.mrr"),
          computedAt: at,
          formula: t("figures.mrrFormula"),
          parts: [{ label: t("figures.arr"), value: format.money(figures.arrCents) }],
          total: { label: t("figures.mrr"), value: format.money(figures.mrrCents) },
          links: link("mrr > 0", t("figures.seePaying")),
        }}
      >
        {format.money(figures.mrrCents)}
      </Cell>
      <Cell
        label={t("figures.health")}
        value={figures.meanHealth}
        provenance={{
          title: t("figures.health"),
          computedAt: at,
          formula: t("figures.healthFormula"),
          parts: classes.map((of) => ({
            label: words(`health.${of}`),
            value: format.number(byClass[of]),
          })),
          links: classes.map((of) => (
            <span key={of}>
              {link(`health_class = "${of}"`, t("figures.see", { what: words(`health.${of}`) }))}
            </span>
          )),
        }}
      >
        {figures.meanHealth == null ? (
          format.number(null)
        ) : (
          <HealthMark
            score={Math.round(figures.meanHealth)}
            class={classOfScore(Math.round(figures.meanHealth), floors)}
            word
          />
        )}
      </Cell>
      <Cell
        label={t("figures.risk")}
        value={figures.atRisk}
        beside={
          figures.atRisk > 0
            ? t("figures.ofMrr", { mrr: format.money(figures.riskMrrCents) })
            : undefined
        }
        provenance={{
          title: t("figures.risk"),
          computedAt: at,
          formula: t("figures.riskFormula"),
          parts: [{ label: t("figures.riskMrr"), value: format.money(figures.riskMrrCents) }],
          total: { label: t("figures.risk"), value: format.number(figures.atRisk) },
          links: figures.atRisk > 0 && link("at_risk = true", t("figures.seeRisk")),
        }}
      >
        {format.number(figures.atRisk)}
      </Cell>
      <Cell
        label={t("figures.renewals")}
        value={figures.renewalsIn90Days}
        provenance={{
          title: t("figures.renewals"),
          computedAt: at,
          formula: t("figures.renewalsFormula"),
          total: { label: t("figures.renewals"), value: format.number(figures.renewalsIn90Days) },
          links:
            figures.renewalsIn90Days > 0 &&
            link("renewal >= today and renewal <= in 90 days", t("figures.seeRenewals")),
        }}
      >
        {format.number(figures.renewalsIn90Days)}
      </Cell>
      <div className="min-w-0 flex-auto px-4 py-3 max-md:flex-none max-md:min-w-52 xl:min-w-52">
        <h2 className="mb-2 text-ink-2 text-meta">{t("figures.classes")}</h2>
        <HealthBar counts={byClass} />
      </div>
    </Card>
  );
}

function Cell({
  label,
  value,
  beside,
  provenance,
  children,
}: {
  label: string;
  value: unknown;
  beside?: string;
  provenance: Provenance;
  children: ReactNode;
}) {
  const flash = useFlash(value);
  return (
    <div className="min-w-0 flex-auto px-4 py-3 max-md:flex-none">
      <h2 className="whitespace-nowrap text-ink-2 text-meta">{label}</h2>
      <NumberDoor provenance={provenance}>
        <span className={cn("tnum font-semibold text-value", flash)}>{children}</span>
        {beside && <span className="text-ink-3 text-meta">{beside}</span>}
      </NumberDoor>
    </div>
  );
}

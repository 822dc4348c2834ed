/** The four figures of the top, each with its provenance. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { movementColor } from "@/components/charts";
import { seriesFill } from "@/components/ui/composition-bar";
import {
  classOfScore,
  HEALTH_CLASSES,
  HealthBadge,
  HealthBar,
  HealthGlyph,
} from "@/components/ui/health";
import { KpiCard, KpiCardSkeleton } from "@/components/ui/kpi-card";
import { NumberDoor } from "@/components/ui/number-door";
import { useFormat, useHealthFloors } from "@/lib/session";
import type { Summary, Waterfall } from "./api";
import { ACTIVE_KINDS, activeLines, mrrLines, sumWriter } from "./figures";
import { ClientsLink, ForecastLink, MovesLink } from "./links";

interface KpiProps {
  summary: Summary;
  /** The movements of the current month, for their counts. */
  month: Waterfall | undefined;
}

const GRID = "grid grid-cols-2 gap-4 max-md:gap-3 xl:grid-cols-4";

/** `last` stands in the place of the objectives. */
export function Kpis({ last, ...props }: KpiProps & { last?: ReactNode }) {
  return (
    <div className={GRID}>
      <MrrCard {...props} />
      <HealthCard {...props} />
      <RiskCard {...props} />
      {last ?? <ObjectivesCard {...props} />}
    </div>
  );
}

export function KpisSkeleton() {
  return (
    <div className={GRID}>
      <KpiCardSkeleton />
      <KpiCardSkeleton />
      <KpiCardSkeleton />
      <KpiCardSkeleton />
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <span>
      {label} <span className="tnum font-semibold text-ink">{value}</span>
    </span>
  );
}

function MrrCard({ summary, month }: KpiProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const lines = mrrLines(summary, month);
  const change = summary.mrrCents - summary.previousMrrCents;
  const gains = lines.reduce((sum, line) => sum + Math.max(0, line.cents), 0);
  const losses = lines.reduce((sum, line) => sum + Math.min(0, line.cents), 0);
  const write = sumWriter(format, [
    summary.previousMrrCents,
    summary.mrrCents,
    ...lines.map((line) => line.cents),
  ]);
  const count = lines.every((line) => line.count !== null)
    ? lines.reduce((sum, line) => sum + (line.count ?? 0), 0)
    : null;
  const previousMonth = format.monthName(summary.previousDay);
  return (
    <KpiCard
      label={t("kpi.mrr")}
      {...format.moneyParts(summary.mrrCents)}
      change={{
        value: summary.mrrChangePct,
        text: format.percentValue(summary.mrrChangePct, { signed: true }),
      }}
      reference={
        <>
          <span className="max-md:hidden">{format.money(change, { signed: true })} </span>
          {t("kpi.against", { month: previousMonth })}
        </>
      }
      composition={{
        label: t("kpi.monthMovements"),
        parts: lines.map((line) => ({
          key: line.kind,
          label: t(`kind.${line.kind}`),
          value: line.cents,
          display: format.money(line.cents, { signed: true }),
          fill: seriesFill[movementColor[line.kind]],
        })),
      }}
      footer={
        <>
          <Fact label={t("kpi.gains")} value={format.money(gains, { signed: true })} />
          <Fact label={t("kpi.losses")} value={format.money(losses, { signed: true })} />
        </>
      }
      provenance={{
        title: t("kpi.mrr"),
        computedAt: summary.computedAt,
        formula: t("kpi.mrrFormula"),
        parts: [
          {
            label: t("kpi.mrrOn", { date: format.date(summary.previousDay) }),
            value: write(summary.previousMrrCents),
          },
          ...lines.map((line) => ({
            label:
              line.count === null
                ? t(`kind.${line.kind}`)
                : t(`counted.${line.kind}`, { count: line.count, n: format.number(line.count) }),
            value: write(line.cents, true),
          })),
        ],
        total: {
          label: t("kpi.mrrOn", { date: format.date(summary.asOf) }),
          value: write(summary.mrrCents),
        },
        note: t("kpi.mrrNote"),
        links: (
          <>
            <MovesLink moves={{ from: summary.previousDay, to: summary.asOf }}>
              {count === null
                ? t("links.movements")
                : t("links.movementsCount", { count, n: format.number(count) })}
            </MovesLink>
            <ClientsLink filters={{ sort: "-mrr" }}>{t("links.byMrr")}</ClientsLink>
          </>
        ),
      }}
    />
  );
}

/** The number of active clients in the line of facts, with its provenance. */
export function ActiveClients({ summary, month }: KpiProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const lines = activeLines(summary, month);
  const { activeClients } = summary;
  const written = (kind: (typeof ACTIVE_KINDS)[number]) => {
    const count = lines?.counts[kind] ?? 0;
    return format.number(kind === "churn" ? -count : count, { signed: true });
  };
  return (
    <NumberDoor
      provenance={{
        title: t("kpi.active"),
        computedAt: summary.computedAt,
        formula: t("kpi.activeFormula"),
        parts: lines
          ? [
              {
                label: t("kpi.activeOn", { date: format.date(summary.previousDay) }),
                value: format.number(lines.before),
              },
              ...ACTIVE_KINDS.map((kind) => ({
                label: t(`clientKind.${kind}`),
                value: written(kind),
              })),
            ]
          : [],
        total: {
          label: t("kpi.activeOn", { date: format.date(summary.asOf) }),
          value: format.number(activeClients),
        },
        note: t("kpi.activeNote", { n: format.number(summary.clientsTotal) }),
        links: (
          <>
            <ClientsLink filters={{ status: "active" }}>
              {t("links.active", { count: activeClients, n: format.number(activeClients) })}
            </ClientsLink>
            {lines && lines.counts.churn > 0 && (
              <MovesLink moves={{ from: summary.previousDay, to: summary.asOf, kind: "churn" }}>
                {t("links.churned", {
                  count: lines.counts.churn,
                  n: format.number(lines.counts.churn),
                })}
              </MovesLink>
            )}
          </>
        ),
      }}
    >
      {t("facts.active", { count: activeClients, n: format.number(activeClients) })}
    </NumberDoor>
  );
}

function ObjectivesCard({ summary }: KpiProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { reached, due, onTrack, late, meanProgressPct, quarterTo } = summary.objectives;
  const none = due === 0;
  const other = due - reached - onTrack - late;
  const parts = [
    { key: "reached", count: reached, fill: "bg-excellent-mark" },
    { key: "onTrack", count: onTrack, fill: seriesFill[1] },
    { key: "late", count: late, fill: "bg-watch-mark" },
    { key: "other", count: other, fill: "bg-border-strong" },
  ] as const;
  const progress = format.percentValue(meanProgressPct, { digits: 0 });
  return (
    <KpiCard
      label={t("kpi.objectives")}
      value={none ? format.number(null) : format.number(reached)}
      unit={none ? undefined : t("kpi.of", { n: format.number(due) })}
      reference={
        none
          ? t("kpi.objectivesNone", { date: format.date(quarterTo) })
          : t("kpi.progress", { pct: progress })
      }
      composition={
        none
          ? undefined
          : {
              label: t("kpi.objectivesParts"),
              parts: parts.map((part) => ({
                key: part.key,
                label: t(`kpi.objective.${part.key}`),
                value: part.count,
                display: format.number(part.count),
                fill: part.fill,
              })),
            }
      }
      footer={
        !none && (
          <>
            <Fact label={t("kpi.objective.onTrack")} value={format.number(onTrack)} />
            <Fact label={t("kpi.objective.late")} value={format.number(late)} />
          </>
        )
      }
      provenance={{
        title: t("kpi.objectives"),
        computedAt: summary.computedAt,
        formula: t("kpi.objectivesFormula"),
        parts: parts
          .filter((part) => part.key !== "other" || part.count > 0)
          .map((part) => ({
            label: t(`kpi.objective.${part.key}`),
            value: format.number(part.count),
          })),
        total: {
          label: t("kpi.objectivesDue", { date: format.date(quarterTo) }),
          value: format.number(due),
        },
        note: [
          t("kpi.objectivesNote", {
            pct: format.percentValue(summary.objectivesReachedPct, { digits: 0 }),
            progress,
          }),
          t("kpi.objectivesWhole"),
        ].join(" "),
        links: <ForecastLink to="objectives">{t("links.objectives")}</ForecastLink>,
      }}
    />
  );
}

function HealthCard({ summary }: KpiProps) {
  const { t } = useTranslation("growth");
  const { t: words } = useTranslation();
  const format = useFormat();
  const { meanHealth, meanHealthChange30d, scoredClients, activeClients, healthClasses } = summary;
  const floors = useHealthFloors();
  const shown = meanHealth == null ? null : Math.round(meanHealth);
  const scored = t("kpi.scored", {
    count: scoredClients,
    scored: format.number(scoredClients),
    n: format.number(activeClients),
  });
  return (
    <KpiCard
      label={t("kpi.health")}
      value={format.number(shown)}
      unit={shown === null ? undefined : "/ 100"}
      mark={shown !== null && <HealthBadge class={classOfScore(shown, floors)} />}
      change={
        meanHealthChange30d == null
          ? undefined
          : { value: meanHealthChange30d, text: format.points(meanHealthChange30d) }
      }
      reference={
        <>
          {meanHealthChange30d != null && (
            <>
              {t("kpi.over30")}
              <span className="max-md:hidden"> · </span>
            </>
          )}
          <span className={meanHealthChange30d != null ? "max-md:hidden" : undefined}>
            {scored}
          </span>
        </>
      }
      composition={<HealthBar counts={healthClasses} />}
      provenance={{
        title: t("kpi.health"),
        computedAt: summary.computedAt,
        formula: t("kpi.healthFormula", {
          count: scoredClients,
          n: format.number(scoredClients),
        }),
        parts: [
          ...HEALTH_CLASSES.map((of) => ({
            label: (
              <span className="inline-flex items-center gap-2">
                <HealthGlyph of={of} />
                {words(`health.${of}`)}
              </span>
            ),
            value: format.number(healthClasses[of]),
          })),
          ...(meanHealth != null && meanHealthChange30d != null
            ? [
                {
                  label: t("kpi.health30"),
                  value: format.number(meanHealth - meanHealthChange30d, { digits: 1 }),
                },
              ]
            : []),
        ],
        total: { label: t("kpi.healthMean"), value: format.number(meanHealth, { digits: 1 }) },
        note: t("kpi.healthNote", { scored }),
        links: (
          <>
            <ClientsLink filters={{}}>{t("links.byHealth")}</ClientsLink>
            {healthClasses.unknown > 0 && (
              <ClientsLink filters={{ health: "unknown" }}>
                {t("links.unknown", {
                  count: healthClasses.unknown,
                  n: format.number(healthClasses.unknown),
                })}
              </ClientsLink>
            )}
          </>
        ),
      }}
    />
  );
}

function RiskCard({ summary }: KpiProps) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { atRiskClients, atRiskMrrCents, atRiskChange7d, activeClients, mrrCents } = summary;
  const stake = mrrCents > 0 ? atRiskMrrCents / mrrCents : null;
  return (
    <KpiCard
      label={t("kpi.risk")}
      value={format.number(atRiskClients)}
      unit={t("kpi.of", { n: format.number(activeClients) })}
      change={
        atRiskChange7d == null
          ? undefined
          : {
              value: atRiskChange7d,
              text: format.number(atRiskChange7d, { signed: true }),
              better: "down",
            }
      }
      reference={atRiskChange7d != null && t("kpi.over7")}
      aside={t("kpi.ofStake", { amount: format.money(atRiskMrrCents) })}
      composition={{
        label: t("kpi.riskShare"),
        total: activeClients,
        parts: [
          {
            key: "risk",
            label: t("kpi.risk"),
            value: atRiskClients,
            display: format.number(atRiskClients),
            fill: "bg-critical-mark",
          },
        ],
      }}
      footer={
        <>
          <Fact label={t("kpi.stake")} value={format.money(atRiskMrrCents)} />
          <span>{t("kpi.ofMrr", { pct: format.percent(stake) })}</span>
        </>
      }
      provenance={{
        title: t("kpi.risk"),
        computedAt: summary.computedAt,
        formula: t("kpi.riskFormula"),
        parts:
          atRiskChange7d == null
            ? []
            : [
                { label: t("kpi.risk7"), value: format.number(atRiskClients - atRiskChange7d) },
                {
                  label: t("kpi.riskMoved"),
                  value: format.number(atRiskChange7d, { signed: true }),
                },
              ],
        total: { label: t("kpi.riskTotal"), value: format.number(atRiskClients) },
        note: t("kpi.riskNote", {
          amount: format.money(atRiskMrrCents),
          pct: format.percent(stake),
        }),
        links: (
          <ClientsLink filters={{ risk: true }}>
            {t("links.risk", { count: atRiskClients, n: format.number(atRiskClients) })}
          </ClientsLink>
        ),
      }}
    />
  );
}

/** What the client's page shows of health: a part of its overview, and a tab in full. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ChartSkeleton } from "@/components/charts";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { Provenance } from "@/components/ui/number-door";
import { ErrorState, Notice } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { type Days, type Health, healthQuery } from "./api";
import { Factors } from "./factors";
import { HealthChart } from "./health-chart";
import { NoScore, Risks } from "./risks";

export interface HealthPanelProps {
  clientId: string;
  days: Days;
  onDays: (days: Days) => void;
  /** The client left: the day on which the score stopped. */
  frozenOn?: string | null;
}

export function HealthOverview(props: HealthPanelProps) {
  return (
    <Loaded {...props}>
      {(health) => (
        <>
          {health.score == null && <NoScore health={health} />}
          {health.history.length > 0 && <HealthChart {...props} health={health} />}
          <Risks health={health} frozenOn={props.frozenOn} />
          <Factors health={health} frozenOn={props.frozenOn} />
        </>
      )}
    </Loaded>
  );
}

export function HealthPanel(props: HealthPanelProps) {
  const { t } = useTranslation("health");
  const format = useFormat();
  return (
    <Loaded {...props}>
      {(health) => (
        <>
          {props.frozenOn && (
            <Notice title={t("frozen.title", { day: format.date(props.frozenOn) })}>
              {t("frozen.text")}
            </Notice>
          )}
          {health.score == null && <NoScore health={health} />}
          {health.history.length > 0 && <HealthChart {...props} health={health} height={300} />}
          <Factors health={health} full frozenOn={props.frozenOn} />
          <Risks health={health} frozenOn={props.frozenOn} />
          <Explained health={health} />
        </>
      )}
    </Loaded>
  );
}

function Loaded({
  clientId,
  days,
  children,
}: HealthPanelProps & { children: (health: Health) => React.ReactNode }) {
  const { t } = useTranslation("health");
  const { data, error, refetch } = useQuery(healthQuery(clientId, days));
  if (error && !data)
    return <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />;
  return <>{data ? children(data) : <ChartSkeleton />}</>;
}

function Explained({ health }: { health: Health }) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const absent = health.factors.filter((factor) => factor.score == null);
  const recomputed = health.history.some((point) => point.recomputed);
  const paragraphs: [string, string][] = [
    [
      t("explained.coverage", { pct: format.percent(health.coverage, { digits: 0 }) }),
      absent.length === 0
        ? t("explained.coverageFull")
        : t("explained.coverageText", {
            names: absent
              .map((factor) => t(`common:health.component.${factor.component}`).toLowerCase())
              .join(", "),
          }),
    ],
    [t("explained.weight"), t("explained.weightText")],
    [
      t("explained.threshold", { value: format.number(health.alertThreshold) }),
      t("explained.thresholdText"),
    ],
  ];
  if (recomputed) paragraphs.push([t("explained.recomputed"), t("explained.recomputedText")]);
  return (
    <Card aria-labelledby="explained">
      <CardHeader id="explained" title={t("explained.title")} />
      <CardBody>
        <dl className="grid gap-x-8 gap-y-3 md:grid-cols-2">
          {paragraphs.map(([term, text]) => (
            <div key={term}>
              <dt className="font-medium">{term}</dt>
              <dd className="text-ink-2">{text}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  );
}

/** Where the score comes from, for the number in the page's header. */
export function useHealthProvenance(clientId: string, days: Days): Provenance | undefined {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const { data } = useQuery(healthQuery(clientId, days));
  if (!data) return undefined;
  return {
    title: t("door.title"),
    computedAt: data.computedAt,
    formula: t("door.formula"),
    parts: data.factors.map((factor) => ({
      label:
        factor.weight == null
          ? t("door.absent", { name: t(`common:health.component.${factor.component}`) })
          : t("door.part", {
              name: t(`common:health.component.${factor.component}`),
              pct: format.percent(factor.weight, { digits: 0 }),
            }),
      value: format.number(factor.score),
    })),
    total: { label: t("door.total"), value: format.number(data.score) },
    note: t("door.note", { pct: format.percent(data.coverage, { digits: 0 }) }),
  };
}

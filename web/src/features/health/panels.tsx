/** What the client's page shows of health: a part of its overview, and a tab in full. */
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ChartSkeleton } from "@/components/charts";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import type { Provenance } from "@/components/ui/number-door";
import { ErrorState, Notice } from "@/components/ui/states";
import { capText, componentName } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import { type Days, type Health, healthQuery } from "./api";
import { inForce, profilesQuery } from "./api-profiles";
import { Factors } from "./factors";
import { HealthChart } from "./health-chart";
import { PulseCard } from "./pulse";
import { NoScore, Risks } from "./risks";
import { TimeMachine } from "./time-machine";
import { Why, whyRange } from "./why";

export interface HealthPanelProps {
  clientId: string;
  days: Days;
  onDays: (days: Days) => void;
  /** Whose profile may be another than everybody's. */
  segment?: string | null;
  /** The client left: the day on which the score stopped. */
  frozenOn?: string | null;
}

/** What is looked at of the past, as it stands in the URL. */
export interface Past {
  /** A day of the time machine, and the version of a profile. */
  day?: string;
  with?: string;
  /** The days between which the score moved. */
  from?: string;
  to?: string;
}

export function HealthOverview(props: HealthPanelProps) {
  return (
    <Loaded {...props}>
      {(health) => (
        <>
          {health.score == null && <NoScore health={health} segment={props.segment} />}
          {scored(health) && <HealthChart {...props} health={health} />}
          <Risks health={health} frozenOn={props.frozenOn} />
          <Factors health={health} frozenOn={props.frozenOn} />
        </>
      )}
    </Loaded>
  );
}

export function HealthPanel({
  past,
  onPast,
  ...props
}: HealthPanelProps & { past: Past; onPast: (patch: Past) => void }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const why = useRef<HTMLElement>(null);
  const machine = useRef<HTMLElement>(null);
  const { clientId, segment, frozenOn } = props;
  const until = frozenOn ?? format.today();
  const range = whyRange(until, past);
  // What a click on the curve opens comes into view, where the screen is small.
  const show = (card: typeof why) =>
    requestAnimationFrame(() => card.current?.scrollIntoView({ block: "nearest" }));
  return (
    <Loaded {...props}>
      {(health) => (
        <>
          {frozenOn && (
            <Notice title={t("frozen.title", { day: format.date(frozenOn) })}>
              {t("frozen.text")}
            </Notice>
          )}
          {health.score == null && <NoScore health={health} segment={segment} />}
          {scored(health) && (
            <HealthChart
              {...props}
              health={health}
              height={300}
              day={past.day}
              range={past.from || past.to ? range : undefined}
              onDay={(day) => {
                onPast({ day });
                show(machine);
              }}
              onRange={(chosen) => {
                onPast(chosen);
                show(why);
              }}
            />
          )}
          <div className="grid items-start gap-4 max-md:gap-3 xl:grid-cols-2">
            <Why
              ref={why}
              clientId={clientId}
              {...range}
              until={until}
              onRange={(chosen) => onPast(chosen)}
            />
            <TimeMachine
              ref={machine}
              clientId={clientId}
              segment={segment}
              health={health}
              day={past.day}
              version={past.with}
              until={until}
              onDay={(day) => onPast(day ? { day } : { day: undefined, with: undefined })}
              onVersion={(version) => onPast({ with: version })}
            />
          </div>
          <Factors health={health} full frozenOn={frozenOn} />
          <div className="grid items-start gap-4 max-md:gap-3 xl:grid-cols-2">
            <Risks health={health} frozenOn={frozenOn} />
            <PulseCard clientId={clientId} segment={segment} />
          </div>
          <Explained health={health} segment={segment} />
        </>
      )}
    </Loaded>
  );
}

/** Whether there ever was a score to draw. */
const scored = (health: Health) => health.history.some((point) => point.score !== null);

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

function Explained({ health, segment }: { health: Health; segment?: string | null }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles && inForce(profiles, segment)?.profile;
  const absent = health.factors.filter((factor) => factor.score == null);
  const recomputed = health.history.some((point) => point.recomputed);
  const paragraphs: [string, string][] = [
    [
      t("explained.coverage", { pct: format.percent(health.coverage, { digits: 0 }) }),
      absent.length === 0
        ? t("explained.coverageFull")
        : t("explained.coverageText", {
            names: absent.map((factor) => componentName(factor.component).toLowerCase()).join(", "),
            least: format.percent(profile?.minCoverage, { digits: 0 }),
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
  const { t } = useTranslation("health");
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
          ? t("door.absent", { name: componentName(factor.component) })
          : t("door.part", {
              name: componentName(factor.component),
              pct: format.percent(factor.weight, { digits: 0 }),
            }),
      value: format.number(factor.score),
    })),
    total: { label: t("door.total"), value: format.number(data.score) },
    note: [
      t("door.note", { pct: format.percent(data.coverage, { digits: 0 }) }),
      ...data.caps.map((cap) => `${capText(format, cap, data.risks)}.`),
    ].join(" "),
  };
}

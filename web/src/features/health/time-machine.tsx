/** The time machine: a past day, computed again from what was known then, beside what was recorded. */
import { useQueries, useQuery } from "@tanstack/react-query";
import type { ReactNode, Ref } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { Field } from "@/components/ui/field";
import { HealthMark } from "@/components/ui/health";
import { Select } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { addDays } from "@/lib/format";
import { componentName, evidenceText } from "@/lib/health-words";
import { usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { type Health, type Seen, seenQuery } from "./api";
import { versionsQuery } from "./api-profiles";
import { Caps } from "./caps";
import { DayField } from "./day-field";
import { readVersion, versionLine, versionName, writeVersion } from "./versions";

export interface TimeMachineProps {
  clientId: string;
  segment: string | null | undefined;
  health: Health;
  day: string | undefined;
  /** The version of a profile, as in the URL. */
  version: string | undefined;
  until: string;
  onDay: (day: string | undefined) => void;
  onVersion: (version: string | undefined) => void;
  ref?: Ref<HTMLElement>;
}

export function TimeMachine({
  clientId,
  segment,
  health,
  day,
  version,
  until,
  onDay,
  onVersion,
  ref,
}: TimeMachineProps) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const reference = readVersion(version);
  const seen = useQuery({ ...seenQuery(clientId, day ?? until, reference), enabled: Boolean(day) });
  return (
    <Card ref={ref} aria-labelledby="machine" className="scroll-mt-16">
      <CardHeader
        id="machine"
        title={
          day && seen.data
            ? t(seen.data.score == null ? "machine.foundNone" : "machine.found", {
                day: format.date(seen.data.day),
                score: format.number(seen.data.score),
              })
            : t("machine.title")
        }
        subtitle={t("machine.text")}
        actions={
          day && (
            <Button variant="link" onClick={() => onDay(undefined)}>
              {t("machine.back")}
            </Button>
          )
        }
      />
      <CardBody>
        <div className="grid gap-3 sm:grid-cols-[minmax(0,11rem)_minmax(0,1fr)]">
          <DayField label={t("machine.day")} value={day ?? ""} max={until} onChange={onDay} />
          <Versions segment={segment} value={version} onChange={onVersion} disabled={!day} />
        </div>
        {!day ? (
          <div className="mt-3 flex flex-wrap gap-2">
            {[30, 90, 180, 365].map((ago) => (
              <Button key={ago} size="sm" onClick={() => onDay(addDays(until, -ago))}>
                {t("machine.ago", { count: ago, n: format.number(ago) })}
              </Button>
            ))}
          </div>
        ) : seen.error && (!seen.data || seen.isPlaceholderData) ? (
          <ErrorState
            className="mt-3"
            title={t("machine.error")}
            error={seen.error}
            onRetry={() => void seen.refetch()}
          />
        ) : seen.data ? (
          <Past seen={seen.data} health={health} busy={seen.isPlaceholderData} />
        ) : (
          <Loading className="mt-4 flex flex-col gap-3">
            <Skeleton className="h-12 w-full" />
            <Skeleton className="h-40 w-full" />
          </Loading>
        )}
      </CardBody>
    </Card>
  );
}

/** The versions of everybody's profile and of the client's segment. */
function Versions({
  segment,
  value,
  disabled,
  onChange,
}: {
  segment: string | null | undefined;
  value: string | undefined;
  disabled: boolean;
  onChange: (version: string | undefined) => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const results = useQueries({
    queries: [...(segment ? [versionsQuery(segment)] : []), versionsQuery("")],
  });
  // A version that gives a segment back holds nothing to compute with.
  const all = results.flatMap((result) => result.data?.items ?? []).filter((item) => item.profile);
  const known = all.some((item) => writeVersion(item) === value);
  const chosen = readVersion(value);
  return (
    <Field label={t("machine.profile")}>
      <Select
        value={value ?? ""}
        disabled={disabled}
        className="[&_select]:h-8"
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">{t("machine.inForce")}</option>
        {all.map((item) => (
          <option key={writeVersion(item)} value={writeVersion(item)}>
            {versionLine(t, format, item)}
          </option>
        ))}
        {chosen && !known && <option value={value}>{versionName(t, format, chosen)}</option>}
      </Select>
    </Field>
  );
}

function Past({ seen, health, busy }: { seen: Seen; health: Health; busy: boolean }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { recorded } = seen;
  const differs = recorded && recorded.score !== seen.score;
  return (
    <div aria-busy={busy || undefined} className={busy ? "opacity-60" : undefined}>
      <dl className="my-3 grid grid-cols-2 divide-x divide-border rounded-control border border-border">
        <Figure term={t("machine.recomputed")} note={versionName(t, format, seen.profile)}>
          <HealthMark score={seen.score} class={seen.class} coverage={seen.coverage} word />
        </Figure>
        <Figure
          term={recorded?.recomputed ? t("machine.recordedLater") : t("machine.recorded")}
          note={recorded ? t("machine.recordedOn", { day: format.date(recorded.day) }) : undefined}
        >
          {recorded ? (
            <HealthMark score={recorded.score} word />
          ) : (
            <span className="font-normal text-ink-2">{t("machine.nothing")}</span>
          )}
        </Figure>
      </dl>
      {differs && (
        <p className="mb-3 text-ink-2 text-meta">
          {t(recorded.day === seen.day ? "machine.differs" : "machine.differsDay", {
            day: format.date(recorded.day),
          })}
        </p>
      )}
      <Caps caps={seen.caps} risks={seen.risks} className="mb-3" />
      {seen.factors.length === 0 ? (
        <p className="text-ink-2">{t("machine.noFactors")}</p>
      ) : (
        <PastFactors seen={seen} health={health} />
      )}
    </div>
  );
}

/** The components of that day; their evidence takes the whole width where there is little of it. */
function PastFactors({ seen, health }: { seen: Seen; health: Health }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const phone = usePhone();
  const today = new Map(health.factors.map((factor) => [factor.component, factor.score]));
  const rows = seen.factors.map((factor) => {
    const now = today.get(factor.component);
    const since = factor.score == null || now == null ? null : now - factor.score;
    const lines = factor.evidence.map((fact) => evidenceText(format, fact)).filter(Boolean);
    return {
      factor,
      name: componentName(factor.component),
      facts: lines.join(" · ") || t("factors.absent"),
      weight: format.percent(factor.weight, { digits: 0 }),
      since: <Change value={since} text={format.number(since, { signed: true })} />,
    };
  });
  const label = t("machine.table", { day: format.date(seen.day) });
  if (phone) {
    return (
      <ul aria-label={label} className="-mx-4 divide-y divide-border border-border border-t">
        {rows.map(({ factor, name, facts, weight, since }) => (
          <li key={factor.component} className="px-4 py-2.5">
            <div className="flex items-baseline justify-between gap-3">
              <span className="font-medium">{name}</span>
              <span className="flex items-baseline gap-2">
                {since}
                <span className="tnum font-semibold">{format.number(factor.score)}</span>
              </span>
            </div>
            <p className="text-ink-2 text-meta">
              {facts}
              {factor.weight != null && ` · ${t("factors.weightShort", { pct: weight })}`}
            </p>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="-mx-4">
      <Table aria-label={label}>
        <thead>
          <tr>
            <Th>{t("factors.component")}</Th>
            <Th end>{format.dayMonth(seen.day)}</Th>
            <Th end>{t("machine.since")}</Th>
            <Th end>{t("factors.weight")}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ factor, name, facts, weight, since }) => (
            <tr key={factor.component}>
              <th
                scope="row"
                className="border-border border-b px-2 py-2 pl-4 text-left font-normal"
              >
                <span className="font-medium">{name}</span>
                <span className="block text-ink-2 text-meta">{facts}</span>
              </th>
              <Td end className="font-semibold">
                {format.number(factor.score)}
              </Td>
              <Td end>{since}</Td>
              <Td end>{weight}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function Figure({ term, note, children }: { term: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 px-3 py-2.5">
      <dt className="text-ink-2 text-meta">{term}</dt>
      <dd className="mt-0.5 font-semibold text-value">{children}</dd>
      {note && <dd className="mt-0.5 text-ink-3 text-meta">{note}</dd>}
    </div>
  );
}

/** Why did it move: what each component brought between two days, adding up to the change. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { addDays, type Format } from "@/lib/format";
import { capText, componentName, evidenceText } from "@/lib/health-words";
import { errorCodeText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Moved, movedQuery } from "./api";
import { Caps } from "./caps";
import { DayField } from "./day-field";
import { felt, type MoveRow, moveFinding, moveRows, sumOf } from "./moves";

/** The two days compared when none are chosen. */
export function whyRange(
  until: string,
  chosen: { from?: string; to?: string },
): { from: string; to: string } {
  const to = chosen.to ?? until;
  return { from: chosen.from ?? addDays(to, -30), to };
}

export function Why({
  clientId,
  from,
  to,
  until,
  onRange,
  ref,
}: {
  clientId: string;
  from: string;
  to: string;
  /** The last day that can be asked for. */
  until: string;
  onRange: (range: { from: string; to: string }) => void;
  ref?: Ref<HTMLElement>;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const turned = from > to;
  const { data, error, refetch } = useQuery({
    ...movedQuery(clientId, from, to),
    enabled: !turned,
    placeholderData: keepPreviousData,
  });
  return (
    <Card ref={ref} aria-labelledby="why" className="scroll-mt-16">
      <CardHeader
        id="why"
        title={data ? title(t, format, data) : t("why.title")}
        subtitle={t("why.text")}
      />
      <CardBody>
        <div className="mb-3 grid grid-cols-2 gap-3 sm:max-w-96">
          <DayField
            label={t("why.from")}
            value={from}
            max={until}
            error={turned ? errorCodeText("growth_range_invalid") : undefined}
            onChange={(day) => onRange({ from: day, to })}
          />
          <DayField
            label={t("why.to")}
            value={to}
            max={until}
            onChange={(day) => onRange({ from, to: day })}
          />
        </div>
        {error && !data ? (
          <ErrorState title={t("why.error")} error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <Parts moved={data} />
        ) : (
          <Loading className="flex flex-col gap-3">
            <Skeleton className="h-6 w-full" />
            <Skeleton className="h-6 w-full" />
            <Skeleton className="h-6 w-full" />
          </Loading>
        )}
      </CardBody>
    </Card>
  );
}

function title(t: TFunction<"health">, format: Format, moved: Moved): string {
  const finding = moveFinding(moved);
  const days = { from: format.dayMonth(moved.from.day), to: format.dayMonth(moved.to.day) };
  if (finding.kind === "none") return t(`why.none.${finding.missing}`, days);
  if (finding.kind === "flat") {
    return t("why.flat", { ...days, score: format.number(finding.score) });
  }
  const { main, points } = finding;
  return t(main ? `why.${finding.kind}` : `why.${finding.kind}Alone`, {
    ...days,
    points: format.points(points, { signed: false, digits: 0 }),
    main: main && (main.component ? componentName(main.component) : t("why.veto")).toLowerCase(),
    part: main && format.points(main.points),
  });
}

function Parts({ moved }: { moved: Moved }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { from, to } = moved;
  const rows = moveRows(moved);
  const other =
    from.profile &&
    to.profile &&
    (from.profile.version !== to.profile.version || from.profile.segment !== to.profile.segment);
  if (rows.length === 0) return <p className="text-ink-2">{t("why.nothing")}</p>;
  return (
    <>
      <ul aria-label={t("why.parts")} className="divide-y divide-border border-border border-y">
        {rows.map((row) => (
          <Part key={row.key} row={row} from={from} to={to} />
        ))}
      </ul>
      <dl className="mt-2 flex items-baseline justify-between gap-3 font-semibold">
        <dt>{t("why.sum", { from: format.number(from.score), to: format.number(to.score) })}</dt>
        <dd className="tnum">{format.points(sumOf(rows))}</dd>
      </dl>
      {[from, to].map(
        (end) =>
          end.caps.length > 0 && (
            <section key={end.day} className="mt-3">
              <h3 className="mb-1 text-ink-2 text-meta">
                {t("why.capsOn", { day: format.date(end.day) })}
              </h3>
              <Caps caps={end.caps} risks={end.risks} />
            </section>
          ),
      )}
      {other && <p className="mt-2 text-ink-2 text-meta">{t("why.otherProfile")}</p>}
      {[from, to].some((end) => end.recorded && end.recorded !== end.day) && (
        <p className="mt-2 text-ink-3 text-meta">
          {t("why.recorded", { from: format.date(from.recorded), to: format.date(to.recorded) })}
        </p>
      )}
    </>
  );
}

function Part({ row, from, to }: { row: MoveRow; from: Moved["from"]; to: Moved["to"] }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const name = row.component ? componentName(row.component) : t("why.veto");
  const said = (end: number | null | undefined) =>
    end == null ? t(row.component ? "why.unknown" : "why.noVeto") : format.number(end);
  const sides = [
    { end: from, facts: row.evidence.before },
    { end: to, facts: row.evidence.after },
  ].map(({ end, facts }) => ({
    day: end.day,
    lines: row.component
      ? facts.map((fact) => evidenceText(format, fact)).filter(Boolean)
      : felt(end.caps).map((cap) => `${capText(format, cap, end.risks)}.`),
  }));
  const head = (
    <>
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{name}</span>
        <span className="tnum text-ink-2 text-meta">
          {t("why.fromTo", { from: said(row.before), to: said(row.after) })}
        </span>
      </span>
      <span className="text-right">
        <Change value={row.points} text={format.points(row.points)} />
      </span>
      <Diverging row={row} />
    </>
  );
  const grid = "grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3 py-2";
  if (sides.every((side) => side.lines.length === 0)) {
    return <li className={cn(grid, "pl-5")}>{head}</li>;
  }
  return (
    <li>
      <details className="group">
        <summary
          className={cn(
            grid,
            "relative cursor-pointer list-none rounded-control pl-5 hover:bg-sunken [&::-webkit-details-marker]:hidden",
          )}
        >
          <span
            aria-hidden
            className="absolute top-3 left-1 size-0 border-y-4 border-y-transparent border-l-[6px] border-l-ink-3 transition-transform duration-120 group-open:rotate-90"
          />
          {head}
        </summary>
        <dl className="grid gap-x-4 gap-y-2 pb-3 pl-5 sm:grid-cols-2">
          {sides.map((side) => (
            <div key={side.day}>
              <dt className="text-ink-3 text-meta">{format.date(side.day)}</dt>
              <dd className="text-ink-2">
                {side.lines.length === 0
                  ? t(row.component ? "factors.absent" : "why.noCap")
                  : side.lines.map((line) => <p key={line}>{line}</p>)}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}

/** A bar from the middle: to the left what was lost, to the right what was gained. */
function Diverging({ row }: { row: MoveRow }) {
  const lost = row.points < 0;
  return (
    <span aria-hidden className="relative col-span-2 mt-1.5 block h-1.5 rounded-full bg-sunken">
      <span className="absolute inset-y-[-2px] left-1/2 w-px bg-border-strong" />
      {row.share > 0 && (
        <span
          className={cn(
            "absolute inset-y-0 min-w-[2px]",
            lost
              ? "right-1/2 rounded-l-full bg-critical-mark"
              : "left-1/2 rounded-r-full bg-excellent-mark",
          )}
          style={{ width: `${row.share * 50}%` }}
        />
      )}
    </span>
  );
}

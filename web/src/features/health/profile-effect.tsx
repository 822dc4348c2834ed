/** What a draft would change now: the distribution before and after, and the clients that change class. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BarChart, ChartSkeleton } from "@/components/charts";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { HEALTH_CLASSES, HealthGlyph, HealthMark } from "@/components/ui/health";
import { TextLink } from "@/components/ui/misc";
import { ErrorState } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { useDelayed } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import type { Preview } from "./api-profiles";
import type { EffectProps } from "./profile-foresight";

/** So many clients are listed at first. */
const FIRST = 8;

export function ProfileEffect({ preview, busy, valid, same, error, onRetry }: EffectProps) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const waiting = useDelayed(busy);
  if (!preview) {
    if (error) return <ErrorState title={t("effect.error")} error={error} onRetry={onRetry} />;
    return valid ? <ChartSkeleton /> : null;
  }
  const range = (index: number) =>
    t("distribution.range", {
      from: format.number(index * 10),
      to: format.number(index === 9 ? 100 : index * 10 + 9),
    });
  const title = !valid
    ? t("effect.fix")
    : same
      ? t("effect.same")
      : preview.changed === 0
        ? t("effect.none")
        : t("effect.changed", { count: preview.changed, n: format.number(preview.changed) });
  const text =
    preview.lookedAt < preview.clients
      ? t("effect.sample", {
          n: format.number(preview.lookedAt),
          all: format.number(preview.clients),
        })
      : t(same ? "effect.textSame" : "effect.text", {
          count: preview.clients,
          n: format.number(preview.clients),
        });
  return (
    <div
      aria-busy={busy || undefined}
      className={cn(
        "flex flex-col gap-4 transition-opacity duration-120 max-md:gap-3",
        waiting && "opacity-60",
        !valid && "grayscale",
      )}
    >
      <p role="status" className="sr-only">
        {busy ? "" : title}
      </p>
      <BarChart
        title={title}
        subtitle={text}
        unit={t("distribution.unit")}
        pointLabel={t("distribution.score")}
        height={200}
        stacked={false}
        points={preview.binsBefore.map((before, index) => ({
          key: String(index * 10),
          label: range(index),
          tick: format.number(index * 10),
          values: { before, after: preview.binsAfter[index] ?? 0 },
        }))}
        series={
          same
            ? [{ key: "after", label: t("distribution.clients"), color: 1 }]
            : [
                { key: "before", label: t("effect.before"), color: "muted" },
                { key: "after", label: t("effect.after"), color: 1 },
              ]
        }
        formatValue={(value) => format.number(value)}
        footer={<Classes preview={preview} same={same} />}
      />
      {preview.moves.length > 0 && <ClassMoves preview={preview} />}
    </div>
  );
}

function Classes({ preview, same }: { preview: Preview; same: boolean }) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  const format = useFormat();
  const shown = HEALTH_CLASSES.filter(
    (of) => of !== "unknown" || preview.classesBefore.unknown + preview.classesAfter.unknown > 0,
  );
  return (
    <ul aria-label={t("effect.classes")} className="flex flex-wrap gap-x-5 gap-y-1.5">
      {shown.map((of) => (
        <li key={of} className="inline-flex items-center gap-1.5 text-ink-2">
          <HealthGlyph of={of} />
          {words(`health.${of}`)}
          <span className="tnum">
            {!same && (
              <>
                {format.number(preview.classesBefore[of])} <span aria-hidden>→</span>
                <span className="sr-only">{t("effect.then")}</span>{" "}
              </>
            )}
            <span className="font-semibold text-ink">
              {format.number(preview.classesAfter[of])}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function ClassMoves({ preview }: { preview: Preview }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const [all, setAll] = useState(false);
  const { moves, changed } = preview;
  const shown = all ? moves : moves.slice(0, FIRST);
  return (
    <Card aria-labelledby="class-moves">
      <CardHeader
        id="class-moves"
        title={t("effect.moves")}
        subtitle={
          changed > moves.length
            ? t("effect.movesMost", { n: format.number(moves.length), all: format.number(changed) })
            : t("effect.movesText")
        }
      />
      <Table aria-label={t("effect.moves")}>
        <thead>
          <tr>
            <Th>{t("effect.client")}</Th>
            <Th>{t("effect.before")}</Th>
            <Th>{t("effect.after")}</Th>
            <Th end>{t("effect.mrr")}</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((move) => (
            <tr key={move.id}>
              <th
                scope="row"
                className="h-10 max-w-60 truncate border-border border-b px-2 pl-4 text-left font-normal"
              >
                <TextLink to="/clients/$id" params={{ id: move.id }} search={{ tab: "health" }}>
                  {move.name}
                </TextLink>
              </th>
              <Td>
                <HealthMark score={move.scoreBefore} class={move.classBefore} word />
              </Td>
              <Td>
                <HealthMark score={move.scoreAfter} class={move.classAfter} word />
              </Td>
              <Td end>{format.money(move.mrrCents)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {moves.length > FIRST && (
        <CardBody className="border-border border-t pt-2 pb-2">
          <Button variant="link" onClick={() => setAll(!all)}>
            {all
              ? t("effect.less")
              : t("effect.more", {
                  count: moves.length - FIRST,
                  n: format.number(moves.length - FIRST),
                })}
          </Button>
        </CardBody>
      )}
    </Card>
  );
}

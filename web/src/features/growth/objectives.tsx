/** Objectives: how far each has come against linear time, with its editor beside the page. */
import { useQuery } from "@tanstack/react-query";
import { Plus, Target } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Objective, type ObjectiveState, objectivesQuery } from "./api";
import { ObjectiveSheet } from "./objective-sheet";
import type { GrowthSearch } from "./periods";
import { valueText } from "./values";

export const TONES: Record<ObjectiveState, Tone> = {
  planned: "neutral",
  on_track: "accent",
  behind: "watch",
  reached: "excellent",
  missed: "critical",
  unknown: "neutral",
};

const BARS: Record<ObjectiveState, string> = {
  planned: "bg-border-strong",
  on_track: "bg-accent",
  behind: "bg-watch-mark",
  reached: "bg-excellent-mark",
  missed: "bg-critical-mark",
  unknown: "bg-border-strong",
};

export function ObjectivesCard() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const manage = useCan("manage");
  const [search, set] = useUrlState<GrowthSearch>();
  const query = useQuery(objectivesQuery);
  const { data } = query;
  const open = (objective: string | undefined) => set({ objective }, { push: true });
  const add = manage && (
    <Button onClick={() => open("new")}>
      <Plus aria-hidden />
      {t("objectives.add")}
    </Button>
  );
  const quarter = data?.quarter;
  return (
    <Card id="objectives" aria-labelledby="objectives-title" className="scroll-mt-16">
      <CardHeader
        id="objectives-title"
        title={t("objectives.title")}
        subtitle={
          quarter &&
          (quarter.due === 0
            ? t("objectives.noneDue", { date: format.date(quarter.quarterTo) })
            : t("objectives.quarter", {
                count: quarter.reached,
                reached: format.number(quarter.reached),
                due: format.number(quarter.due),
                pct: format.percentValue(quarter.meanProgressPct, { digits: 0 }),
                date: format.date(quarter.quarterTo),
              }))
        }
        actions={data && data.items.length > 0 && add}
      />
      {data ? (
        data.items.length === 0 ? (
          <EmptyState
            icon={<Target aria-hidden />}
            level={3}
            title={t("objectives.emptyTitle")}
            text={t(manage ? "objectives.emptyText" : "objectives.emptyReader")}
            actions={add}
          />
        ) : (
          <ul className="divide-y divide-border border-border border-t">
            {data.items.map((item) => (
              <Row key={item.id} objective={item} onOpen={() => open(item.id)} />
            ))}
          </ul>
        )
      ) : query.isError ? (
        <ErrorState
          className="m-4"
          title={t("objectives.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Loading className="flex flex-col gap-4 p-4">
          {["a", "b", "c"].map((key) => (
            <Skeleton key={key} className="h-10 w-full" />
          ))}
        </Loading>
      )}
      <ObjectiveSheet
        objective={data?.items.find((item) => item.id === search.objective)}
        adding={search.objective === "new" && manage}
        onClose={() => set({ objective: undefined })}
      />
    </Card>
  );
}

function Row({ objective, onOpen }: { objective: Objective; onOpen: () => void }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { unit, state, progressPct, pacePct } = objective;
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        aria-haspopup="dialog"
        className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-2 px-4 py-3 text-left hover:bg-sunken md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_minmax(0,1.2fr)_6rem]"
      >
        <span className="min-w-0">
          <span className="block truncate font-medium">{objective.name}</span>
          <span className="block text-ink-2 text-meta md:truncate">
            {t(`objectives.metric.${objective.metric}`)} ·{" "}
            {t("objectives.due", { date: format.date(objective.dueDate) })}
          </span>
        </span>
        <span className="justify-self-end md:order-last">
          <Badge tone={TONES[state]}>{t(`objectives.state.${state}`)}</Badge>
        </span>
        <span className="max-md:col-span-2">
          <ProgressBar progress={progressPct ?? null} pace={pacePct} state={state} />
          <span className="tnum mt-1 flex justify-between gap-3 text-ink-2 text-meta">
            <span>{format.percentValue(progressPct, { digits: 0 })}</span>
            {(state === "on_track" || state === "behind") && (
              <span>
                {t("objectives.pace", { pct: format.percentValue(pacePct, { digits: 0 }) })}
              </span>
            )}
          </span>
        </span>
        <span className="tnum text-meta max-md:col-span-2 md:text-right">
          <span className="font-semibold text-body">
            {valueText(format, unit, objective.value)}
          </span>
          <span className="text-ink-2">
            {" "}
            {t("objectives.of", { target: valueText(format, unit, objective.target) })}
          </span>
        </span>
      </button>
    </li>
  );
}

/** Filled as far as it has come, with a tick where linear time asks it to be. */
export function ProgressBar({
  progress,
  pace,
  state,
}: {
  progress: number | null;
  pace: number;
  state: ObjectiveState;
}) {
  const open = state === "on_track" || state === "behind";
  return (
    <span aria-hidden className="relative block h-1.5 rounded-full bg-sunken">
      <span
        className={cn("absolute inset-y-0 left-0 rounded-full", BARS[state])}
        style={{ width: `${progress ?? 0}%` }}
      />
      {open && (
        <span
          className="absolute -inset-y-1 w-0.5 bg-ink"
          style={{ left: `calc(${pace}% - 1px)` }}
        />
      )}
    </span>
  );
}

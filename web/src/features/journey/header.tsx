/** The answer on top of a journey: which stage, how far, how it will end, and what is wrong. */
import { ArrowRight, MoveRight, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CriticalGlyph, HealthMark, WatchGlyph } from "@/components/ui/health";
import { TextLink } from "@/components/ui/misc";
import { toast } from "@/components/ui/toast";
import { cn } from "@/lib/cn";
import { useFlash } from "@/lib/live";
import { useCan, useFormat } from "@/lib/session";
import { advanceJourney, type Journey, type OwnJourney, useChange } from "./api";
import { InferredBadge, ProgressBar, StageBadge } from "./marks";
import { MoveForm } from "./move-form";
import { ShareSheet } from "./share-sheet";
import { StartButton } from "./start";
import { StageTrack } from "./track";
import { alertText, daysText, outlook, stageLabel, useLabel, versionName } from "./words";

export function JourneyHeader({
  data,
  journey,
  named,
  chosen,
  onChoose,
}: {
  data: Journey;
  journey: OwnJourney;
  /** Says whose journey it is: outside the client's own page. */
  named?: boolean;
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const manage = useCan("manage");
  const [moving, setMoving] = useState(false);
  const [sharing, setSharing] = useState(false);
  const over = journey.status === "completed";
  const stage = data.stages.find((item) => item.key === journey.stage);
  const flash = useFlash(journey.progressPct);
  return (
    <Card aria-labelledby="journey-title" className="flex flex-col">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3 px-4 pt-4">
        <div className="min-w-0 flex-1 basis-64">
          {named && (
            <TextLink
              to="/clients/$id"
              params={{ id: data.clientId }}
              search={{ tab: "journey" }}
              className="block truncate"
            >
              {data.clientName}
            </TextLink>
          )}
          <h2
            id="journey-title"
            className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-value"
          >
            {over
              ? t("header.over")
              : stage
                ? t(journey.inferred ? "header.titleInferred" : "header.title", {
                    stage: write(stage.label),
                    n: format.number(stage.days),
                    planned: daysText(t, format, stage.plannedDays),
                  })
                : (journey.stage ?? "")}
            <StageBadge status={over ? "completed" : journey.status} />
            {journey.inferred && <InferredBadge />}
          </h2>
          <p className={cn("mt-0.5", journey.daysLate > 0 ? "text-watch-text" : "text-ink-2")}>
            {over
              ? t("header.overText", { day: format.date(journey.completedOn) })
              : journey.suspended
                ? t("header.suspended")
                : outlook(t, format, journey)}
          </p>
        </div>
        {edit && (
          <div className="flex flex-wrap gap-2">
            {over ? (
              <StartButton clientId={data.clientId} label={t("start.again")} />
            ) : (
              <Button aria-expanded={moving} onClick={() => setMoving(!moving)}>
                <MoveRight aria-hidden />
                {t("move.open")}
              </Button>
            )}
            <Button
              aria-haspopup="dialog"
              {...ShareSheet.approach}
              onClick={() => setSharing(true)}
            >
              <Share2 aria-hidden />
              {t("share.open")}
            </Button>
          </div>
        )}
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 px-4 py-3 md:flex md:flex-wrap md:gap-x-8">
        <Fact label={t("header.progress")}>
          <span className={cn("tnum font-semibold", flash)}>
            {format.percentValue(journey.progressPct, { digits: 0 })}
          </span>
          <ProgressBar pct={journey.progressPct} className="w-20" />
        </Fact>
        <Fact label={t("header.health")}>
          <HealthMark score={data.health} class={data.healthClass} word />
        </Fact>
        {!over && (
          <>
            <Fact label={t("header.expected")}>{format.date(journey.expectedEnd)}</Fact>
            <Fact label={t("header.projected")}>
              <span
                className={cn(
                  journey.projectedEnd &&
                    journey.expectedEnd &&
                    journey.projectedEnd > journey.expectedEnd &&
                    "font-medium text-watch-text",
                )}
              >
                {format.date(journey.projectedEnd)}
              </span>
            </Fact>
          </>
        )}
        <Fact label={t("header.template")}>
          <span className="min-w-0 break-words">
            {t("header.version", {
              name: write(journey.templateName),
              version: versionName(t, format, journey.version),
            })}
          </span>
        </Fact>
      </dl>
      {moving && (
        <div className="mx-4 mb-3 rounded-card border border-border p-3">
          <MoveForm data={data} onDone={() => setMoving(false)} />
        </div>
      )}
      <Asks data={data} journey={journey} />
      {manage && !over && journey.latestVersion > journey.version && (
        <p className="mx-4 mb-3 flex flex-wrap gap-x-3 gap-y-1 rounded-card bg-sunken px-3 py-2">
          <span className="font-medium">
            {t("header.newVersion", { n: format.number(journey.latestVersion) })}
          </span>
          <span className="text-ink-2">
            {t("header.newVersionText", { version: versionName(t, format, journey.version) })}
          </span>
          <TextLink
            to="/settings/$section"
            params={{ section: "journeys" }}
            search={{ template: journey.templateId } as never}
          >
            {t("header.newVersionSee")}
          </TextLink>
        </p>
      )}
      <Alerts data={data} />
      <div className="border-border border-t px-2 py-2">
        <StageTrack stages={data.stages} chosen={chosen} onChoose={onChoose} />
      </div>
      <ShareSheet data={data} open={sharing} onOpenChange={setSharing} />
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-2 text-meta">{label}</dt>
      <dd className="flex min-h-6 items-center gap-2">{children}</dd>
    </div>
  );
}

/** "Ask me": everything that is required holds, and a person says yes. */
function Asks({ data, journey }: { data: Journey; journey: OwnJourney }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const change = useChange();
  if (!journey.advanceProposedOn) return null;
  const at = data.stages.findIndex((item) => item.key === journey.stage);
  const from = stageLabel(data.stages, journey.stage, write);
  const next = data.stages[at + 1];
  const to = next && write(next.label);
  return (
    <div className="mx-4 mb-3 flex flex-wrap items-center justify-between gap-3 rounded-card bg-accent-soft p-3">
      <div className="min-w-0">
        <p className="font-semibold">{t("ask.title", { from })}</p>
        <p className="text-ink-2">
          {t(to ? "ask.text" : "ask.textLast", {
            day: format.date(journey.advanceProposedOn),
            to: to ?? "",
          })}
          {journey.advanceHeld && ` ${t("ask.held")}`}
        </p>
      </div>
      {edit && (
        <Button
          variant="primary"
          busy={change.isPending}
          onClick={() =>
            change.mutate(async () => {
              await advanceJourney(data.clientId);
              toast({ message: t("ask.done", { client: data.clientName, from }) });
            })
          }
        >
          <ArrowRight aria-hidden />
          {to ? t("ask.confirm", { to }) : t("ask.confirmLast")}
        </Button>
      )}
    </div>
  );
}

function Alerts({ data }: { data: Journey }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  if (data.alerts.length === 0) return null;
  return (
    <ul aria-label={t("alert.label")} className="mx-4 mb-3 flex flex-col gap-1">
      {data.alerts.map((alert) => {
        const Glyph = alert.critical ? CriticalGlyph : WatchGlyph;
        return (
          <li key={alert.id} className="flex items-start gap-2">
            <Glyph className="mt-0.5 size-4" />
            <span className="min-w-0 break-words">
              {alertText(t, format, write, alert)}
              <span className="text-ink-3 text-meta">
                {" · "}
                {t("alert.since", { day: format.date(alert.raisedOn) })}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

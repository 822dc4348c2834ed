/** The journey on the side of a client's overview: stages in a column, the current one open. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import { journeyQuery, type Stage } from "./api";
import { STAGE_TEXT, StageGlyph } from "./marks";
import { isCurrent } from "./stage-list";
import { daysText, stageLabel, stageTime, useLabel } from "./words";

export function JourneyCard({ clientId }: { clientId: string }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const { data } = useQuery(journeyQuery(clientId));
  if (!data) return null;
  const { journey } = data;
  const current = data.stages.find(isCurrent);
  const link = (words: string) => (
    <TextLink to="/clients/$id" params={{ id: clientId }} search={{ tab: "journey" }}>
      {words}
    </TextLink>
  );
  return (
    <Card aria-labelledby="journey-side">
      <CardHeader
        id="journey-side"
        title={t("card.title")}
        subtitle={
          !journey
            ? t("card.none")
            : current
              ? t("card.progress", {
                  pct: format.percentValue(current.progressPct, { digits: 0 }),
                  stage: stageLabel(data.stages, current.key, write),
                })
              : t("header.over")
        }
        actions={link(t(journey ? "card.open" : "card.start"))}
      />
      {journey && (
        <ol className="px-4 pb-3">
          {data.stages.map((stage, index) => (
            <Line key={stage.key} stage={stage} last={index === data.stages.length - 1} />
          ))}
        </ol>
      )}
    </Card>
  );
}

/** The stage among the facts on top of a client's page, a door to its journey. */
export function StageFact({ clientId }: { clientId: string }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const { data } = useQuery(journeyQuery(clientId));
  const journey = data?.journey;
  const late = journey && journey.daysLate > 0;
  return (
    <div className="min-w-0 px-4 py-3">
      <dt className="whitespace-nowrap text-ink-2 text-meta">{t("card.stage")}</dt>
      <dd className="mt-0.5 flex min-h-6 items-center">
        {data ? (
          <TextLink
            to="/clients/$id"
            params={{ id: clientId }}
            search={{ tab: "journey" }}
            className={cn("truncate", journey ? "font-semibold text-ink text-value" : "")}
          >
            {!journey
              ? t("card.start")
              : journey.status === "completed"
                ? t("status.completed")
                : stageLabel(data.stages, journey.stage, write)}
          </TextLink>
        ) : (
          <span className="text-ink-3">{format.number(null)}</span>
        )}
      </dd>
      {journey && (
        <dd className={cn("mt-0.5 text-meta", late ? "text-watch-text" : "text-ink-2")}>
          {late
            ? t("lateBy", { days: daysText(t, format, journey.daysLate) })
            : t(`status.${journey.status}`)}
        </dd>
      )}
    </div>
  );
}

function Line({ stage, last }: { stage: Stage; last: boolean }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const current = isCurrent(stage);
  const past = stage.status === "completed" || stage.status === "skipped";
  return (
    <li className="flex gap-3">
      <span className="flex flex-col items-center pt-0.5">
        <StageGlyph status={stage.status} />
        {!last && (
          <span
            className={cn(
              "my-1 w-0.5 flex-1 rounded-full",
              stage.status === "completed" ? "bg-excellent-mark" : "bg-border",
            )}
          />
        )}
      </span>
      <div className={cn("min-w-0 flex-1", last ? "" : "pb-3")}>
        <p className="flex justify-between gap-3">
          <span className={cn("truncate", current || past ? "font-medium" : "text-ink-2")}>
            {write(stage.label)}
            <span className="sr-only">, {t(`status.${stage.status}`)}</span>
          </span>
          <span className="tnum shrink-0 text-ink-2">
            {past || current
              ? format.percentValue(stage.progressPct, { digits: 0 })
              : t("stage.short", { n: format.number(stage.plannedDays) })}
          </span>
        </p>
        {(past || current) && (
          <p className={cn("text-meta", current ? STAGE_TEXT[stage.status] : "text-ink-2")}>
            {stageTime(t, format, stage)}
            {current && stage.daysLate > 0 && ` · ${t("late")}`}
          </p>
        )}
        {current && (
          <ul className="mt-1 flex flex-col gap-0.5">
            {stage.criteria.map((item) => (
              <li key={item.key} className="flex items-start gap-1.5 text-meta">
                <StageGlyph
                  status={item.met ? "completed" : "pending"}
                  className="mt-0.5 size-3.5"
                />
                <span className="min-w-0 break-words text-ink-2">
                  {write(item.label)}
                  <span className="sr-only">
                    {" "}
                    {t(item.met ? "criteria.met" : "criteria.notMet")}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

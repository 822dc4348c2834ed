/** The stages in a row, in a column on phones: mark, status word and percentage; one of them is open. */
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import type { Stage } from "./api";
import { STAGE_TEXT, StageGlyph } from "./marks";
import { stageTime, useLabel } from "./words";

export function StageTrack({
  stages,
  chosen,
  onChoose,
}: {
  stages: readonly Stage[];
  /** Key of the stage that is open below. */
  chosen: string | undefined;
  onChoose: (key: string) => void;
}) {
  const { t } = useTranslation("journey");
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: many stages scroll sideways
      tabIndex={0}
      role="group"
      aria-label={t("track.label")}
      className="no-scrollbar overflow-x-auto"
    >
      <ol className="flex max-md:flex-col md:min-w-max xl:min-w-0">
        {stages.map((stage, index) => (
          <Step
            key={stage.key}
            stage={stage}
            last={index === stages.length - 1}
            chosen={stage.key === chosen}
            onChoose={() => onChoose(stage.key)}
          />
        ))}
      </ol>
    </div>
  );
}

function Step({
  stage,
  last,
  chosen,
  onChoose,
}: {
  stage: Stage;
  last: boolean;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const label = useLabel();
  const { status } = stage;
  const current = status === "active" || status === "at_risk";
  const done = status === "completed";
  return (
    <li className="min-w-0 md:min-w-40 md:flex-1">
      <button
        type="button"
        aria-pressed={chosen}
        aria-current={current ? "step" : undefined}
        onClick={onChoose}
        className={cn(
          "flex h-full w-full gap-3 rounded-control px-2 text-left -outline-offset-2 transition-colors duration-120 hover:bg-sunken md:flex-col md:gap-2 md:py-2",
          chosen && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <span className="flex items-center max-md:flex-col max-md:pt-3 md:w-full md:gap-2">
          <StageGlyph status={status} className="size-5" />
          <span
            className={cn(
              "rounded-full max-md:w-0.5 max-md:flex-1 md:h-0.5 md:flex-1",
              last ? "bg-transparent" : done ? "bg-excellent-mark" : "bg-border",
            )}
          />
        </span>
        <span className="min-w-0 flex-1 max-md:py-2.5 md:w-full">
          <span className="flex items-baseline justify-between gap-2">
            <span className="truncate font-semibold">{label(stage.label)}</span>
            <span className={cn("tnum shrink-0", !current && !done && "text-ink-3")}>
              {format.percentValue(stage.progressPct, { digits: 0 })}
            </span>
          </span>
          <span className={cn("block font-medium text-meta", STAGE_TEXT[status])}>
            {t(`status.${status}`)}
            {stage.inferred && (
              <span className="font-normal text-ink-3"> · {t("inferred").toLowerCase()}</span>
            )}
          </span>
          <span className="block text-ink-2 text-meta">
            {stageTime(t, format, stage)}
            {current && stage.daysLate > 0 && (
              <span className="font-medium text-watch-text"> · {t("late")}</span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}

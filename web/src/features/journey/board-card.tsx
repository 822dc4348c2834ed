/** A client on the board: dragged, or moved by its menu; its name opens its journey. */
import { BellRing, Ellipsis } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { HealthMark, WatchGlyph } from "@/components/ui/health";
import { Menu, MenuItem, MenuLabel } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import type { BoardStage, Card } from "./api-portfolio";
import { InferredBadge, ProgressBar } from "./marks";
import type { JourneySearch } from "./search";
import { daysText, useLabel } from "./words";

/** What a dragged card is, among all that can be dropped. */
export const DRAG = "application/x-essor-journey";

export function BoardCard({
  card,
  stages,
  onMove,
}: {
  card: Card;
  stages: readonly BoardStage[];
  onMove: (to: string) => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const [, set] = useUrlState<JourneySearch>();
  const risk = card.status === "at_risk";
  return (
    <article
      draggable={edit}
      aria-label={card.clientName}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAG, JSON.stringify(card));
        event.dataTransfer.effectAllowed = "move";
      }}
      className={cn("rounded-control border border-border bg-surface p-2.5", edit && "cursor-grab")}
    >
      <div className="flex items-start justify-between gap-1">
        <button
          type="button"
          onClick={() => set({ client: card.clientId }, { push: true })}
          className="min-h-6 min-w-0 break-words rounded-check text-left font-medium hover:underline pointer-coarse:min-h-10"
        >
          {card.clientName}
        </button>
        {edit && (
          <Menu
            trigger={
              <IconButton
                size="sm"
                variant="ghost"
                className="-mt-1 -mr-1"
                label={t("board.menu", { client: card.clientName })}
              >
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            <MenuLabel>{t("board.moveTo")}</MenuLabel>
            {stages
              .filter((stage) => stage.key !== card.stage)
              .map((stage) => (
                <MenuItem key={stage.key} onSelect={() => onMove(stage.key)}>
                  {write(stage.label)}
                </MenuItem>
              ))}
          </Menu>
        )}
      </div>
      <p className="flex flex-wrap items-center justify-between gap-x-3 text-ink-2 text-meta">
        <HealthMark score={card.health} class={card.healthClass} />
        <span className="tnum">{format.money(card.mrrCents)}</span>
      </p>
      <div className="mt-1.5 flex items-center gap-2">
        <ProgressBar
          pct={card.stageProgressPct ?? 0}
          status={card.status ?? undefined}
          className="flex-1"
        />
        <span className="tnum text-meta">
          <span className="sr-only">{t("board.progress")} </span>
          {format.percentValue(card.stageProgressPct, { digits: 0 })}
        </span>
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2 text-meta">
        {/* Since when a client is in a stage that was inferred, nobody knows; its plan counts from another day. */}
        {!card.inferred && (
          <span>
            {t("stage.day", {
              n: format.number(card.days),
              planned: format.number(card.plannedDays),
            })}
          </span>
        )}
        {card.daysLate > 0 ? (
          <span className="inline-flex items-center gap-1 font-medium text-watch-text">
            <WatchGlyph className="size-3" />
            {t("lateBy", { days: daysText(t, format, card.daysLate) })}
          </span>
        ) : (
          risk && (
            <span className="inline-flex items-center gap-1 font-medium text-watch-text">
              <WatchGlyph className="size-3" />
              {t("status.at_risk")}
            </span>
          )
        )}
        {card.advanceProposedOn && (
          <Badge tone="accent" icon={<BellRing aria-hidden />}>
            {t("board.asks")}
          </Badge>
        )}
        {card.inferred && <InferredBadge />}
      </p>
    </article>
  );
}

/** One stage of the board: its figures, and its cards drawn only while they are seen. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { WatchGlyph } from "@/components/ui/health";
import { StageLink } from "@/components/ui/stage-link";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast } from "@/components/ui/toast";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { moveJourney, useRefresh } from "./api";
import { type BoardStage, type Card, cardsQuery } from "./api-portfolio";
import type { Moving } from "./board";
import { BoardCard, DRAG } from "./board-card";
import { usePortfolioParams } from "./portfolio-filters";
import { ReasonForm } from "./reason-form";
import { daysText, useLabel } from "./words";

const PAGE = 30;
/** Before a card has been measured, in px. */
const CARD = 112;

export function BoardColumn({
  stage,
  stages,
  moving,
  onMove,
  onDone,
}: {
  stage: BoardStage;
  stages: readonly BoardStage[];
  /** The card that is being moved here. */
  moving: Moving | undefined;
  onMove: (card: Card, to: string) => void;
  onDone: () => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const { slice } = usePortfolioParams();
  const [over, setOver] = useState(false);
  const name = write(stage.label);
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    try {
      const card = JSON.parse(event.dataTransfer.getData(DRAG)) as Card;
      if (card.stage !== stage.key) onMove(card, stage.key);
    } catch {
      // Something else was dropped.
    }
  }
  return (
    <section
      aria-label={name}
      onDragOver={(event) => {
        if (!edit || !event.dataTransfer.types.includes(DRAG)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
      className={cn(
        "flex min-w-0 flex-col rounded-card border border-border bg-sunken",
        over && "border-accent bg-accent-soft",
      )}
    >
      <header className="px-3 pt-2.5 pb-2">
        <h2 className="flex items-baseline justify-between gap-2 font-semibold">
          <span className="truncate">{name}</span>
          <span className="tnum shrink-0 font-normal text-ink-2">
            {format.money(stage.mrrCents)}
          </span>
        </h2>
        <p className="flex flex-wrap items-center gap-x-2 text-ink-2 text-meta">
          <StageLink stage={stage.key} slice={slice}>
            {t("board.clients", { count: stage.clients, n: format.number(stage.clients) })}
          </StageLink>
          <span>{t("board.planned", { days: daysText(t, format, stage.plannedDays) })}</span>
          {stage.late > 0 && (
            <span className="inline-flex items-center gap-1 text-watch-text">
              <WatchGlyph className="size-3" />
              {t("board.late", { count: stage.late, n: format.number(stage.late) })}
            </span>
          )}
        </p>
      </header>
      {moving && <Reason moving={moving} name={name} onDone={onDone} />}
      <Cards stage={stage} stages={stages} moving={moving} onMove={onMove} />
    </section>
  );
}

function Reason({ moving, name, onDone }: { moving: Moving; name: string; onDone: () => void }) {
  const { t } = useTranslation("journey");
  const refresh = useRefresh();
  const { card, to } = moving;
  return (
    <div className="mx-2 mb-2 rounded-card border border-accent bg-surface p-3">
      <p className="mb-2 break-words font-semibold">
        {t("board.moving", { client: card.clientName, to: name })}
      </p>
      <ReasonForm
        key={`${card.clientId} ${to}`}
        submit={t("board.confirm", { to: name })}
        onCancel={onDone}
        onSubmit={async (reason) => {
          await moveJourney(card.clientId, { to, reason });
          await refresh();
          toast({ message: t("board.moved", { client: card.clientName, to: name }) });
          onDone();
        }}
      />
    </div>
  );
}

function Cards({
  stage,
  stages,
  moving,
  onMove,
}: {
  stage: BoardStage;
  stages: readonly BoardStage[];
  moving: Moving | undefined;
  onMove: (card: Card, to: string) => void;
}) {
  const { t } = useTranslation("journey");
  const { listed } = usePortfolioParams();
  const query = useInfiniteQuery(cardsQuery({ ...listed, stage: stage.key, sort: "late" }, PAGE));
  const cards = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (card) => card.clientId !== moving?.card.clientId,
  );
  const total = query.data?.pages[0]?.total ?? cards.length;
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD,
    getItemKey: (index) => cards[index]?.clientId ?? index,
    overscan: 4,
    gap: 8,
  });
  const drawn = rows.getVirtualItems();
  const last = drawn.at(-1)?.index ?? -1;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  useEffect(() => {
    if (last >= cards.length - 5 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, cards.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (query.isError && cards.length === 0) {
    return (
      <ErrorState
        className="m-2"
        title={t("board.error")}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.isPending) {
    return (
      <Loading className="flex flex-col gap-2 p-2">
        <Skeleton className="h-24 w-full bg-surface" />
        <Skeleton className="h-24 w-full bg-surface" />
      </Loading>
    );
  }
  if (cards.length === 0) {
    return <p className="px-3 pb-4 text-ink-3">{t("board.empty")}</p>;
  }
  return (
    <div
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      role="group"
      aria-label={t("board.cards")}
      className="max-h-[62dvh] min-h-24 overflow-y-auto px-2 pb-2 -outline-offset-2"
    >
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {drawn.map((row) => {
          const card = cards[row.index];
          if (!card) return null;
          return (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              aria-setsize={total}
              aria-posinset={row.index + 1}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <BoardCard card={card} stages={stages} onMove={(to) => onMove(card, to)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

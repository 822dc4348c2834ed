/** One stream of everything that happened, newest first, with filters by kind. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { CircleDot } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { LoadMore, RelativeTime } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import {
  isByHand,
  TIMELINE_KINDS,
  type TimelineItem,
  type TimelineKind,
  timelineQuery,
} from "./api";
import { TIMELINE_ICONS } from "./page-icons";
import { NewNote, Note } from "./page-notes";
import { NewSignal, SignalActions, useHandSignals } from "./page-signals";
import { timelineTone } from "./page-tone";
import { timelineWords } from "./page-words";

const TONES = {
  good: "bg-excellent-soft text-excellent-text",
  bad: "bg-critical-soft text-critical-text",
  watch: "bg-watch-soft text-watch-text",
  none: "bg-accent-soft text-accent-words",
} as const;

export function TimelineTab({
  clientId,
  kinds,
  onKinds,
}: {
  clientId: string;
  kinds: TimelineKind[] | undefined;
  onKinds: (kinds: TimelineKind[] | undefined) => void;
}) {
  const { t } = useTranslation("clients");
  const query = useInfiniteQuery(timelineQuery(clientId, kinds));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const toggle = (kind: TimelineKind) => {
    const next = kinds?.includes(kind)
      ? kinds.filter((item) => item !== kind)
      : [...(kinds ?? []), kind];
    onKinds(next.length > 0 ? next : undefined);
  };
  return (
    <Card className="p-4">
      <h2 className="sr-only">{t("page.tabs.timeline")}</h2>
      <div className="flex flex-wrap gap-x-2">
        <NewNote clientId={clientId} />
        <NewSignal clientId={clientId} />
      </div>
      <div
        role="group"
        aria-label={t("page.timeline.filter")}
        className="no-scrollbar -mx-4 mb-4 flex gap-2 overflow-x-auto px-4 py-1 md:flex-wrap"
      >
        <Chip pressed={!kinds} onClick={() => onKinds(undefined)}>
          {t("page.timeline.all")}
        </Chip>
        {TIMELINE_KINDS.map((kind) => (
          <Chip key={kind} pressed={kinds?.includes(kind) ?? false} onClick={() => toggle(kind)}>
            {t(`page.timeline.kind.${kind}`)}
          </Chip>
        ))}
      </div>
      {query.error && items.length === 0 ? (
        <ErrorState
          title={t("page.timeline.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <TimelineSkeleton />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<CircleDot aria-hidden />}
          title={t(kinds ? "page.timeline.noneFiltered" : "page.timeline.none")}
          text={kinds ? undefined : t("page.timeline.noneText")}
          actions={
            kinds && (
              <Button onClick={() => onKinds(undefined)}>{t("page.timeline.showAll")}</Button>
            )
          }
        />
      ) : (
        <TimelineList clientId={clientId} items={items} />
      )}
      <LoadMore
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </Card>
  );
}

function Chip({
  pressed,
  onClick,
  children,
}: {
  pressed: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={cn(
        "inline-flex h-7 shrink-0 items-center rounded-full border px-3 text-body transition-colors duration-120 pointer-coarse:h-10",
        pressed
          ? "border-accent bg-accent-soft font-medium text-accent-words"
          : "border-border text-ink-2 hover:bg-sunken",
      )}
    >
      {children}
    </button>
  );
}

export function TimelineSkeleton() {
  return (
    <Loading className="flex flex-col gap-4">
      {[0, 1, 2, 3].map((row) => (
        <div key={row} className="flex gap-3">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex-1">
            <Skeleton className="h-4 w-3/5" />
            <Skeleton className="mt-2 h-3 w-24" />
          </div>
        </div>
      ))}
    </Loading>
  );
}

/** A measure of every day says the same thing again: its rows belong together whatever their day. */
function belongs(head: TimelineItem, item: TimelineItem): boolean {
  if (head.kind !== item.kind || item.kind === "note") return false;
  if (head.kind === "metric") return head.data.name === item.data.name;
  return head.at.slice(0, 10) === item.at.slice(0, 10);
}

/** Three or more rows of one kind on one day fold into one; so do the days of one measure. Notes are read one by one. */
export function fold(items: readonly TimelineItem[]): TimelineItem[][] {
  const runs: TimelineItem[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const head = run?.[0];
    if (run && head && belongs(head, item)) run.push(item);
    else runs.push([item]);
  }
  return runs.flatMap((run) => (run.length >= 3 ? [run] : run.map((item) => [item])));
}

export function TimelineList({
  clientId,
  items,
}: {
  clientId: string;
  items: readonly TimelineItem[];
}) {
  const hand = useHandSignals(clientId);
  const runs = fold(items.filter((item) => !hand.leaving.has(item.id)));
  return (
    <>
      <ol>
        {runs.map((run, index) => (
          <Run
            key={run[0]?.id}
            clientId={clientId}
            run={run}
            last={index === runs.length - 1}
            onEdit={hand.edit}
            onRemove={hand.remove}
          />
        ))}
      </ol>
      {hand.sheet}
    </>
  );
}

function Run({
  clientId,
  run,
  last,
  onEdit,
  onRemove,
}: {
  clientId: string;
  run: readonly TimelineItem[];
  last: boolean;
  onEdit: (item: TimelineItem) => void;
  onRemove: (item: TimelineItem) => void;
}) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const shown = open ? run : run.slice(0, 1);
  const rest = run.length - shown.length;
  return (
    <>
      {shown.map((item, index) => {
        const { title, quote, detail } = timelineWords(format, item);
        const Icon = TIMELINE_ICONS[item.kind] ?? CircleDot;
        const final = last && index === shown.length - 1;
        return (
          <li key={item.id} className={cn("relative flex gap-3", !final && "pb-4")}>
            {!final && (
              <span aria-hidden className="absolute top-8 bottom-1 left-3.5 w-px bg-border" />
            )}
            <span
              className={cn(
                "flex size-7 shrink-0 items-center justify-center rounded-full",
                TONES[timelineTone(format, item)],
              )}
            >
              <Icon className="size-3.5" aria-hidden />
            </span>
            <div className="min-w-0 flex-1 pt-0.5">
              <p className="break-words font-medium">{title}</p>
              {item.kind === "note" && <Note clientId={clientId} item={item} />}
              {quote && (
                <p className="break-words text-ink-2">{t("page.timeline.quote", { quote })}</p>
              )}
              <p className="text-ink-3 text-meta">
                {detail && <span className="text-ink-2">{detail} · </span>}
                <RelativeTime at={item.at} />
              </p>
              {rest > 0 && index === 0 && (
                <button
                  type="button"
                  className="mt-0.5 min-h-6 rounded-check font-medium text-accent-words text-meta underline-offset-4 hover:underline pointer-coarse:min-h-10"
                  onClick={() => setOpen(true)}
                >
                  {t(item.kind === "metric" ? "page.timeline.moreDays" : "page.timeline.more", {
                    count: rest,
                    n: format.number(rest),
                  })}
                </button>
              )}
            </div>
            {isByHand(item) && (
              <SignalActions onEdit={() => onEdit(item)} onRemove={() => onRemove(item)} />
            )}
          </li>
        );
      })}
    </>
  );
}

/** The clients behind a figure: each movement, newest first, with the way to its client. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { colorOf, movementColor } from "@/components/charts";
import { Avatar } from "@/components/ui/avatar";
import { Change } from "@/components/ui/change";
import { Sheet } from "@/components/ui/dialog-panel";
import { LoadMore } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { type Kind, type Movement, movementsQuery, waterfallQuery } from "./api";
import { reconcile } from "./figures";
import { firstDay, type Moves } from "./periods";
import { useSlice } from "./slice";

export function MovementsSheet({
  moves,
  open,
  onOpenChange,
}: {
  moves: Moves | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("growth");
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t(moves?.kind ? `sheet.title.${moves.kind}` : "sheet.title.all")}
      description={moves && <Facts moves={moves} />}
    >
      {moves && <List moves={moves} />}
    </Sheet>
  );
}

function Facts({ moves }: { moves: Moves }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { data, isPlaceholderData } = useQuery(waterfallQuery(moves, useSlice()));
  const period = t("sheet.period", {
    from: format.date(firstDay(moves)),
    to: format.date(moves.to),
  });
  if (!data || isPlaceholderData) return period;
  const kind = data.kinds.find((item) => item.kind === moves.kind);
  const all = reconcile(data);
  const count = moves.kind ? (kind?.count ?? 0) : all.count;
  const cents = moves.kind ? (kind?.cents ?? 0) : all.net;
  return (
    <>
      {period}
      <br />
      {t("movements", { count, n: format.number(count) })}
      {count > 0 && (
        <>
          {" · "}
          <span className="tnum font-semibold text-ink">
            {format.money(cents, { signed: true })}
          </span>
        </>
      )}
    </>
  );
}

function List({ moves }: { moves: Moves }) {
  const { t } = useTranslation("growth");
  const query = useInfiniteQuery(movementsQuery(moves, moves.kind, useSlice()));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isPending) {
    return (
      <Loading className="flex flex-col gap-4 pt-2">
        {["a", "b", "c", "d", "e"].map((key) => (
          <Skeleton key={key} className="h-9 w-full" />
        ))}
      </Loading>
    );
  }
  if (query.isError && rows.length === 0) {
    return (
      <ErrorState
        title={t("sheet.error")}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (rows.length === 0) return <p className="py-2 text-ink-2">{t("sheet.none")}</p>;
  return (
    <>
      <ul className="divide-y divide-border">
        {rows.map((row) => (
          <Row key={`${row.clientId}-${row.day}-${row.kind}`} row={row} />
        ))}
      </ul>
      {query.isFetchNextPageError ? (
        <ErrorState
          className="mt-2"
          title={t("sheet.error")}
          error={query.error}
          onRetry={() => void query.fetchNextPage()}
        />
      ) : (
        <LoadMore
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}

function KindMark({ kind }: { kind: Kind }) {
  return (
    <span
      aria-hidden
      className="size-2.5 shrink-0 rounded-[2px]"
      style={{ background: colorOf(movementColor[kind]) }}
    />
  );
}

function Row({ row }: { row: Movement }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  return (
    <li>
      <Link
        to="/clients/$id"
        params={{ id: row.clientId }}
        className="-mx-2 flex items-center gap-3 rounded-control px-2 py-2.5 hover:bg-sunken"
      >
        <Avatar id={row.clientId} name={row.clientName} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{row.clientName}</span>
          <span className="flex flex-wrap items-center gap-x-1.5 text-ink-2 text-meta">
            <KindMark kind={row.kind} />
            {t(`oneKind.${row.kind}`)}
            <span aria-hidden>·</span>
            <time dateTime={row.day}>{format.date(row.day)}</time>
          </span>
        </span>
        <span className="text-right">
          <Change value={row.deltaCents} text={format.money(row.deltaCents, { signed: true })} />
          <span className="tnum block text-ink-3 text-meta">
            {t("sheet.after", { amount: format.money(row.mrrAfterCents) })}
          </span>
        </span>
      </Link>
    </li>
  );
}

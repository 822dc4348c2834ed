/** The people behind a figure: who, at which client, what they answered or how their letter goes. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadMore, RelativeTime, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import type { Params } from "@/lib/api";
import { useFormat } from "@/lib/session";
import { type Recipient, recipientsQuery } from "./api";

export function People({ id, params, empty }: { id: string; params: Params; empty: string }) {
  const { t } = useTranslation("surveys");
  const query = useInfiniteQuery(recipientsQuery(id, params));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isPending) {
    return (
      <Loading className="flex flex-col gap-3 p-4">
        <Skeleton className="h-9 w-full" />
        <Skeleton className="h-9 w-full" />
      </Loading>
    );
  }
  if (query.error && rows.length === 0) {
    return (
      <ErrorState
        className="m-4"
        title={t("people.error")}
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (rows.length === 0) return <p className="px-5 py-4 text-ink-2">{empty}</p>;
  return (
    <>
      <ul className="divide-y divide-border border-border border-y">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      <LoadMore
        auto={false}
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </>
  );
}

function Row({ row }: { row: Recipient }) {
  const { t } = useTranslation("surveys");
  const format = useFormat();
  const name = row.contactName ?? row.email ?? t("people.nobody");
  const state =
    row.score == null
      ? row.reason
        ? t(`reason.${row.reason}`)
        : t(`state.${row.state}`)
      : undefined;
  return (
    <li className="px-5 py-2.5">
      <div className="flex items-baseline gap-3">
        {row.score != null && (
          <span className="tnum w-6 shrink-0 text-right font-semibold text-value">
            <span className="sr-only">{t("people.score")}, </span>
            {format.number(row.score)}
          </span>
        )}
        <p className="min-w-0 flex-1 break-words">
          {name} ·{" "}
          <TextLink
            to="/clients/$id"
            params={{ id: row.clientId }}
            className="pointer-coarse:inline pointer-coarse:py-2"
          >
            {row.clientName}
          </TextLink>
        </p>
        <span className="shrink-0 text-ink-3 text-meta">
          <RelativeTime at={row.answeredAt ?? row.askedAt} />
        </span>
      </div>
      {state && <p className="text-ink-2 text-meta">{state}</p>}
      {row.comment && (
        <p className="mt-1 whitespace-pre-line break-words pl-9 text-ink-2">{row.comment}</p>
      )}
    </li>
  );
}

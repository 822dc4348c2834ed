/** The clients behind a figure, in a sheet: rows that come as one scrolls, each the way to its client. */
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { LoadMore } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";

export function SheetRows<Row>({
  query,
  failed,
  none,
  children,
}: {
  query: UseInfiniteQueryResult<InfiniteData<{ items: Row[] }>>;
  /** Said when they cannot be had, and when there are none. */
  failed: string;
  none: string;
  children: (row: Row) => ReactNode;
}) {
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
    return <ErrorState title={failed} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (rows.length === 0) return <p className="py-2 text-ink-2">{none}</p>;
  return (
    <>
      <ul className="divide-y divide-border">{rows.map(children)}</ul>
      {query.isFetchNextPageError ? (
        <ErrorState
          className="mt-2"
          title={failed}
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

/** One client: its name, a line of facts under it, the figure on the right. */
export function SheetRow({
  row,
  facts,
  figure,
}: {
  row: { clientId: string; clientName: string };
  facts: ReactNode;
  figure: ReactNode;
}) {
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
            {facts}
          </span>
        </span>
        {figure}
      </Link>
    </li>
  );
}

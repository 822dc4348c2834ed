/** The clients whose main risk is of one kind, those who pay most first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LoadMore, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { clientsQuery } from "./api-list";
import { ClientHealth } from "./client-card";
import { riskText } from "./client-list-risk";

/** So many at a time. */
const PAGE = 20;

export function ClientsBehind({
  risk,
  ...slice
}: {
  risk: string;
  segment?: string;
  owner?: string;
  product?: string;
  view?: string;
}) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const params = { status: "active", sort: "-mrr", cause: risk, ...slice };
  const query = useInfiniteQuery(clientsQuery(params, PAGE));
  const clients = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.isPending) {
    return (
      <Loading className="mt-3 flex flex-col gap-3">
        <Skeleton className="h-9 w-full" />
        <Skeleton className="h-9 w-full" />
      </Loading>
    );
  }
  return (
    <>
      {clients.length > 0 && (
        <ul className="-mx-5 divide-y divide-border border-border border-y">
          {clients.map((client) => (
            <li key={client.id} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-5 py-2.5">
              <TextLink
                to="/clients/$id"
                params={{ id: client.id }}
                search={{ tab: "health" }}
                className="truncate"
              >
                {client.name}
              </TextLink>
              <ClientHealth client={client} />
              <span className="min-w-0 text-ink-2 text-meta">
                {client.topRisk && riskText(t, format, client.topRisk)}
              </span>
              <span className="tnum text-right text-ink-2 text-meta">
                {format.money(client.mrrCents)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {query.error ? (
        <ErrorState
          className="mt-3"
          title={t(clients.length > 0 ? "list.moreError" : "list.error")}
          error={query.error}
          onRetry={() => void (clients.length > 0 ? query.fetchNextPage() : query.refetch())}
        />
      ) : clients.length === 0 ? (
        <p className="text-ink-2">{t("behind.none")}</p>
      ) : (
        <LoadMore
          auto={false}
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
        />
      )}
    </>
  );
}

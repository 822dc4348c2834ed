/** The clients whose main risk is of one kind, those who pay most first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { clientsQuery } from "./api-list";
import { ClientHealth } from "./client-card";
import { riskText } from "./client-list-risk";

/** So many are looked for at a time; the server's largest page is read for them. */
const STEP = 20;
const PAGE = 200;

export function ClientsBehind({
  risk,
  total,
  segment,
  owner,
}: {
  risk: string;
  /** How many there are. */
  total: number;
  segment?: string;
  owner?: string;
}) {
  const { t } = useTranslation("clients");
  const { t: words } = useTranslation();
  const format = useFormat();
  const [wanted, setWanted] = useState(STEP);
  const params = { status: "active", sort: "-mrr", segment, owner };
  const query = useInfiniteQuery(clientsQuery(params, PAGE));
  const found = (query.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (client) => client.topRisk?.key === risk,
  );
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  const short = found.length < Math.min(wanted, total);
  useEffect(() => {
    if (short && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [short, hasNextPage, isFetching, isError, fetchNextPage]);

  const shown = found.slice(0, wanted);
  return (
    <>
      {shown.length > 0 && (
        <ul className="-mx-5 divide-y divide-border border-border border-y">
          {shown.map((client) => (
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
          title={t("list.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : short && (query.isPending || hasNextPage) ? (
        <Loading className="mt-3 flex flex-col gap-3">
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
        </Loading>
      ) : shown.length === 0 ? (
        <p className="text-ink-2">{t("behind.none")}</p>
      ) : found.length > wanted || (hasNextPage && shown.length < total) ? (
        <div className="mt-3 flex items-center justify-between gap-3">
          <span className="text-ink-2 text-meta">
            {t("behind.found", {
              count: shown.length,
              n: format.number(shown.length),
              total: format.number(total),
            })}
          </span>
          <Button onClick={() => setWanted(wanted + STEP)}>{words("actions.loadMore")}</Button>
        </div>
      ) : null}
    </>
  );
}

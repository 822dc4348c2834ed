/** The log: whether it is whole, what it is limited to, and its entries day by day. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Download, Lock, ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { LoadMore } from "@/components/ui/misc";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type AuditSearch, auditQuery, type Entry, exportUrl, NO_FILTER } from "./api";
import { Chain } from "./chain";
import { EntryRow } from "./entry";
import { Filters } from "./filters";

export function Audit() {
  const { t } = useTranslation("audit");
  const administer = useCan("administer");
  if (!administer) {
    return (
      <Card>
        <EmptyState icon={<Lock aria-hidden />} title={t("refused")} text={t("intro")} />
      </Card>
    );
  }
  return (
    <>
      <Chain />
      <Log />
    </>
  );
}

function Log() {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const [search, set] = useUrlState<AuditSearch>();
  const query = useInfiniteQuery(auditQuery(search));
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const total = query.data?.pages[0]?.entries ?? 0;
  const limited = Object.values(search).some(Boolean);
  return (
    <Card aria-labelledby="log">
      <CardHeader
        id="log"
        title={t("count", { count: total, n: format.number(total) })}
        subtitle={t("intro")}
        actions={
          <Button asChild>
            <a href={exportUrl(search)} download>
              <Download aria-hidden />
              {t("export")}
            </a>
          </Button>
        }
      />
      <Filters search={search} set={set} items={items} />
      {query.error && !query.data ? (
        <div className="px-4 pb-4">
          <ErrorState title={t("error")} error={query.error} onRetry={() => void query.refetch()} />
        </div>
      ) : query.isPending ? (
        <Loading className="flex flex-col gap-3 px-4 pb-4">
          <Skeleton className="h-12 w-full" />
          <Skeleton className="h-12 w-full" />
          <Skeleton className="h-12 w-full" />
        </Loading>
      ) : items.length === 0 ? (
        <EmptyState
          level={3}
          icon={<ScrollText aria-hidden />}
          title={t("none")}
          text={t("noneText")}
          actions={limited && <Button onClick={() => set(NO_FILTER)}>{t("clear")}</Button>}
        />
      ) : (
        <div aria-busy={query.isPlaceholderData || undefined}>
          {byDay(items, (entry) => format.dateLong(entry.at)).map(([day, entries]) => (
            <section key={day} aria-label={day}>
              <h3 className="border-border border-t bg-sunken px-4 py-1.5 text-ink-2 text-meta first-letter:uppercase">
                {day}
              </h3>
              <ul className="divide-y divide-border">
                {entries.map((entry) => (
                  <EntryRow key={entry.seq} entry={entry} limit={set} />
                ))}
              </ul>
            </section>
          ))}
          <LoadMore
            hasMore={query.hasNextPage}
            loading={query.isFetchingNextPage}
            onLoadMore={() => void query.fetchNextPage()}
          />
        </div>
      )}
    </Card>
  );
}

/** Entries that stand in order, under the words of their day. */
function byDay(items: readonly Entry[], dayOf: (entry: Entry) => string): [string, Entry[]][] {
  const days: [string, Entry[]][] = [];
  for (const entry of items) {
    const day = dayOf(entry);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(entry);
    else days.push([day, [entry]]);
  }
  return days;
}

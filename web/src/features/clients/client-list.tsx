/** Health of each client: search, filters, order and totals over thousands of rows. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Column, DataTable } from "@/components/data-table";
import { Button } from "@/components/ui/button";
import { Change } from "@/components/ui/change";
import { type HealthClass, HealthGlyph } from "@/components/ui/health";
import { LiveSearch } from "@/components/ui/live-search";
import { Sparkline } from "@/components/ui/sparkline";
import { EmptyState, ErrorState, Notice } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import { cn } from "@/lib/cn";
import type { Format } from "@/lib/format";
import { useDelayed, useMediaQuery, usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { clientsQuery, type ListedClient } from "./api-list";
import {
  ClientCard,
  ClientHealth,
  ClientName,
  ClientOwner,
  ClientRisk,
  ClientSeen,
  Live,
} from "./client-card";
import {
  type ClientListSearch,
  DEFAULT_SORT,
  listParams,
  NO_FILTERS,
  type Sort,
  type StatusFilter,
  TABS,
  tabSearch,
} from "./client-list-search";
import { Filters } from "./filters";
import { ListCard } from "./list-card";

export interface ClientListProps {
  /** Counts over the active clients, for the tabs and the subtitle. */
  counts?: {
    active: number;
    total: number;
    atRisk: number;
    atRiskMrrCents: number;
    classes: Record<HealthClass, number>;
  };
  /** Where links with this hash bring the person. */
  anchor: string;
}

export function ClientList({ counts, anchor }: ClientListProps) {
  const { t } = useTranslation("clients");
  const { t: words } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const [search, set] = useUrlState<ClientListSearch>();
  // Without a single subscription nobody is "active": then all clients are shown.
  const fallback: StatusFilter = counts && counts.active === 0 ? "current" : "active";
  const params = listParams(search, fallback);
  const query = useInfiniteQuery(clientsQuery(params));
  const rows = useMemo(
    () => query.data?.pages.flatMap((page) => page.items) ?? [],
    [query.data?.pages],
  );
  // Totals are those of the latest page: rows may change while one scrolls.
  const last = query.data?.pages.at(-1);
  const total = query.isPlaceholderData ? undefined : last?.total;
  const waiting = useDelayed(query.isPlaceholderData);
  const sort = search.sort ?? DEFAULT_SORT;
  const filtered = Boolean(
    search.q ||
      search.segment ||
      search.owner ||
      search.product ||
      search.view ||
      search.status ||
      search.health ||
      search.risk,
  );
  const columns = useColumns(useMediaQuery("(min-width: 1440px)"));
  const open = (client: ListedClient) =>
    void navigate({ to: "/clients/$id", params: { id: client.id } });

  return (
    <ListCard
      anchor={anchor}
      title={t("list.title")}
      subtitle={
        counts &&
        (counts.atRisk === 0
          ? t("list.subtitleNone")
          : t("list.subtitle", {
              count: counts.atRisk,
              n: format.number(counts.atRisk),
              mrr: format.money(counts.atRiskMrrCents),
            }))
      }
    >
      <LinkTabs label={t("list.tabs")} className="px-4 max-md:mx-0 max-md:px-4">
        {TABS.filter((tab) => tab !== "unknown" || counts?.classes.unknown !== 0).map((tab) => (
          <LinkTab
            key={tab}
            to="/clients/growth"
            search={(previous) => ({ ...(previous as ClientListSearch), ...tabSearch(tab) })}
            resetScroll={false}
            replace
            count={tabCount(tab, counts, search, fallback, format)}
          >
            {tab === "all" ? (
              t("list.all")
            ) : tab === "risk" ? (
              t("list.risk.label")
            ) : (
              <>
                <HealthGlyph of={tab} />
                {words(`health.${tab}`)}
              </>
            )}
          </LinkTab>
        ))}
      </LinkTabs>
      <div className="flex flex-wrap items-center gap-2 px-4 py-3">
        <ClientSearch search={search} set={set} />
        <Filters search={search} set={set} fallback={fallback} total={total} />
      </div>
      <p role="status" className="sr-only">
        {total !== undefined && filtered
          ? t("list.found", { count: total, n: format.number(total) })
          : ""}
      </p>
      {query.isRefetchError && !query.isPlaceholderData && (
        <Notice
          className="mx-4 mb-3"
          title={t("list.stale", { time: format.time(new Date(query.dataUpdatedAt)) })}
          action={
            <Button variant="link" onClick={() => void query.refetch()}>
              {words("actions.retry")}
            </Button>
          }
        />
      )}
      <div
        aria-busy={query.isPlaceholderData}
        className={cn("transition-opacity duration-120", waiting && "opacity-60")}
      >
        <DataTable
          label={t("list.title")}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.name}
          onOpen={open}
          sort={sort}
          onSort={(next) => set({ sort: next === DEFAULT_SORT ? undefined : (next as Sort) })}
          resetKey={JSON.stringify(params)}
          total={last?.total}
          hasMore={query.hasNextPage && !query.isFetchNextPageError && !query.isPlaceholderData}
          loadingMore={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
          loading={query.isPending}
          error={query.error}
          errorTitle={t("list.error")}
          onRetry={() => void query.refetch()}
          rowHeight={45}
          renderCard={(row) => <ClientCard client={row} />}
          empty={
            <EmptyState
              icon={<SearchX aria-hidden />}
              level={3}
              title={t("list.emptyTitle")}
              text={t("list.emptyText")}
              actions={
                filtered && <Button onClick={() => set(NO_FILTERS)}>{t("list.clear")}</Button>
              }
            />
          }
          footer={
            last && (
              <>
                <span>
                  {t("list.count", {
                    count: last.total,
                    n: format.number(last.total),
                    sort: t(`list.sort.${sort}`),
                  })}
                </span>
                <span>
                  {t("list.sum")}{" "}
                  <Live value={last.sumMrrCents}>
                    <span className="tnum font-semibold text-ink">
                      {format.money(last.sumMrrCents)}
                    </span>
                  </Live>
                </span>
              </>
            )
          }
        />
      </div>
      {query.isFetchNextPageError && (
        <ErrorState
          className="m-4"
          title={t("list.moreError")}
          error={query.error}
          onRetry={() => void query.fetchNextPage()}
        />
      )}
    </ListCard>
  );
}

/** Counts are those of the active clients: they stand only beside that very list. */
function tabCount(
  tab: (typeof TABS)[number],
  counts: ClientListProps["counts"],
  search: ClientListSearch,
  fallback: StatusFilter,
  format: Format,
): string | undefined {
  if (!counts || search.q || search.view) return undefined;
  if ((search.status ?? fallback) !== "active") return undefined;
  const count =
    tab === "all" ? counts.active : tab === "risk" ? counts.atRisk : counts.classes[tab];
  return format.number(count);
}

export function ClientSearch({
  search,
  set,
}: {
  search: ClientListSearch;
  set: (patch: Partial<ClientListSearch>) => void;
}) {
  const { t } = useTranslation("clients");
  const phone = usePhone();
  return (
    <LiveSearch
      aria-label={t("list.search")}
      placeholder={phone ? t("list.searchShort") : t("list.search")}
      value={search.q}
      onChange={(q) => set({ q })}
      className="w-60 max-md:w-auto max-md:min-w-40 max-md:flex-1"
    />
  );
}

/** `wide`: there is room for when the client was last seen. */
function useColumns(wide: boolean): Column<ListedClient>[] {
  const { t } = useTranslation("clients");
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: "client",
        header: t("list.column.client"),
        sort: "name",
        cell: (row) => <ClientName client={row} />,
      },
      {
        key: "health",
        header: t("list.column.health"),
        sort: "health",
        cell: (row) => <ClientHealth client={row} />,
      },
      {
        key: "spark",
        header: t("list.column.spark"),
        cell: (row) => <Sparkline width={56} values={row.healthSpark} tone={row.healthClass} />,
      },
      {
        key: "change30",
        header: t("list.column.change30"),
        headerLabel: t("list.column.change30Label"),
        align: "end",
        cell: (row) => (
          <Change
            value={row.healthChange30d}
            text={format.number(row.healthChange30d, { signed: true })}
          />
        ),
      },
      {
        key: "mrr",
        header: t("list.column.mrr"),
        sort: "mrr",
        descFirst: true,
        align: "end",
        cell: (row) => <Live value={row.mrrCents}>{format.money(row.mrrCents)}</Live>,
      },
      {
        key: "growth3",
        header: t("list.column.growth3"),
        headerLabel: t("list.column.growth3Label"),
        align: "end",
        cell: (row) => (
          <Change
            value={row.mrrChange3mPct}
            text={format.percentValue(row.mrrChange3mPct, { signed: true, fixed: true })}
          />
        ),
      },
      {
        key: "risk",
        header: t("list.column.risk"),
        className: "max-w-62",
        cell: (row) => <ClientRisk client={row} />,
      },
      {
        key: "owner",
        header: t("list.column.owner"),
        cell: (row) => <ClientOwner client={row} />,
      },
      ...(wide
        ? [
            {
              key: "seen",
              header: t("list.column.seen"),
              headerLabel: t("list.column.seenLabel"),
              className: "whitespace-nowrap text-ink-2",
              cell: (row: ListedClient) => <ClientSeen client={row} />,
            },
          ]
        : []),
    ],
    [t, format, wide],
  );
}

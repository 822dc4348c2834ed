/** The health of each client as cards: score, revenue, growth, next milestone, main risk; with the list's own filters. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Flag, SearchX, Sprout } from "lucide-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Button } from "@/components/ui/button";
import { Change } from "@/components/ui/change";
import { HealthMark } from "@/components/ui/health";
import { LoadMore } from "@/components/ui/misc";
import { Sparkline } from "@/components/ui/sparkline";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useDelayed } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { clientsQuery, type ListedClient } from "./api-list";
import { ClientRisk, Live, useSecondLine } from "./client-card";
import { ClientSearch } from "./client-list";
import {
  type ClientListSearch,
  listParams,
  NO_FILTERS,
  type StatusFilter,
} from "./client-list-search";
import { Filters } from "./filters";
import { ListCard } from "./list-card";
import { SortSelect } from "./sort-select";

/** A screenful or two at a time. */
const PAGE = 24;
/** The due day of the first milestone that is not reached. */
const NEXT_MILESTONE = "journey.next_milestone";

export function ClientCards({ active, anchor }: { active: number | undefined; anchor: string }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const id = useId();
  const [search, set] = useUrlState<ClientListSearch>();
  // Without a single subscription nobody is "active": then all clients are shown.
  const fallback: StatusFilter = active === 0 ? "current" : "active";
  const asked = { ...listParams(search, fallback), columns: NEXT_MILESTONE };
  const query = useInfiniteQuery(clientsQuery(asked, PAGE));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const last = query.data?.pages.at(-1);
  const waiting = useDelayed(query.isPlaceholderData);
  return (
    <ListCard
      anchor={anchor}
      title={t("cards.title")}
      subtitle={
        last &&
        t("cards.count", {
          count: last.total,
          n: format.number(last.total),
          mrr: format.money(last.sumMrrCents),
        })
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3">
        <ClientSearch search={search} set={set} />
        <Filters
          search={search}
          set={set}
          fallback={fallback}
          tabs={false}
          total={query.isPlaceholderData ? undefined : last?.total}
        />
        <span className="ml-auto flex items-center gap-2 max-md:hidden">
          <label htmlFor={id} className="text-ink-2">
            {t("cards.sort")}
          </label>
          <SortSelect id={id} className="w-44 [&_select]:h-8" search={search} set={set} />
        </span>
      </div>
      {query.error && rows.length === 0 ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("list.error")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Loading className="grid gap-3 px-4 pb-4 md:grid-cols-2 xl:grid-cols-3">
          {[0, 1, 2, 3, 4, 5].map((card) => (
            <Skeleton key={card} className="h-36 w-full" />
          ))}
        </Loading>
      ) : rows.length === 0 ? (
        <EmptyState
          icon={<SearchX aria-hidden />}
          level={3}
          title={t("list.emptyTitle")}
          text={t("list.emptyText")}
          actions={<Button onClick={() => set(NO_FILTERS)}>{t("list.clear")}</Button>}
        />
      ) : (
        <ul
          aria-busy={query.isPlaceholderData}
          className={cn(
            "grid gap-3 px-4 pb-4 transition-opacity duration-120 md:grid-cols-2 xl:grid-cols-3",
            waiting && "opacity-60",
          )}
        >
          {rows.map((row) => (
            <HealthCard key={row.id} client={row} />
          ))}
        </ul>
      )}
      {query.isFetchNextPageError ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("list.moreError")}
          error={query.error}
          onRetry={() => void query.fetchNextPage()}
        />
      ) : (
        <LoadMore
          auto={false}
          label={t("cards.more")}
          hasMore={query.hasNextPage && !query.isPlaceholderData}
          loading={query.isFetchingNextPage}
          onLoadMore={() => void query.fetchNextPage()}
        />
      )}
    </ListCard>
  );
}

function HealthCard({ client }: { client: ListedClient }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const second = useSecondLine(client);
  return (
    <li className="relative flex min-w-0 flex-col gap-3 rounded-card border border-border p-3.5 transition-colors duration-120 hover:bg-sunken">
      <div className="flex items-start gap-2.5">
        <Avatar id={client.id} name={client.name} size="sm" />
        <div className="min-w-0 flex-1">
          <Link
            to="/clients/$id"
            params={{ id: client.id }}
            search={{ tab: "health" }}
            title={client.name}
            className="block break-words font-medium underline-offset-4 after:absolute after:inset-0 after:rounded-card hover:underline"
          >
            {client.name}
          </Link>
          <p className="break-words text-ink-3 text-meta">
            {[second, client.owner].filter(Boolean).join(" · ")}
          </p>
        </div>
        <Live value={client.health}>
          <HealthMark
            score={client.health}
            class={client.healthClass}
            coverage={client.healthCoverage}
            word
          />
        </Live>
      </div>
      <dl className="flex items-end justify-between gap-3">
        <div>
          <dt className="text-ink-3 text-meta">{t("cards.mrr")}</dt>
          <dd className="tnum font-semibold">
            <Live value={client.mrrCents}>{format.money(client.mrrCents)}</Live>
          </dd>
        </div>
        <div>
          <dt className="text-ink-3 text-meta">{t("cards.growth")}</dt>
          <dd>
            <Change
              value={client.mrrChange3mPct}
              text={format.percentValue(client.mrrChange3mPct, { signed: true })}
            />
          </dd>
        </div>
        <div className="text-right">
          <dt className="sr-only">{t("cards.spark")}</dt>
          <dd className="flex">
            <Sparkline
              width={88}
              height={28}
              values={client.healthSpark}
              tone={client.healthClass}
            />
          </dd>
        </div>
      </dl>
      <div className="mt-auto flex min-w-0 flex-col gap-2">
        <NextMilestone client={client} />
        {client.opportunities > 0 && (
          <Link
            to="/clients/$id"
            params={{ id: client.id }}
            search={{ tab: "opportunities" }}
            className="relative z-10 inline-flex min-h-6 items-center gap-1.5 self-start text-accent-words text-meta underline-offset-4 hover:underline pointer-coarse:min-h-10"
          >
            <Sprout aria-hidden className="size-3.5 shrink-0" />
            {t(client.opportunitiesExpectedCents > 0 ? "cards.worth" : "cards.opportunities", {
              count: client.opportunities,
              n: format.number(client.opportunities),
              amount: format.money(client.opportunitiesExpectedCents),
            })}
            <span className="sr-only">, {client.name}</span>
          </Link>
        )}
        {client.topRisk ? (
          <ClientRisk client={client} />
        ) : (
          <span className="text-ink-3 text-meta">{t("cards.noRisk")}</span>
        )}
      </div>
    </li>
  );
}

/** When the next milestone of the journey is due, and how many days are left; nothing without one. */
function NextMilestone({ client }: { client: ListedClient }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const due = client.facts?.[NEXT_MILESTONE];
  if (typeof due !== "string") return null;
  return (
    <Link
      to="/clients/$id"
      params={{ id: client.id }}
      search={{ tab: "journey" }}
      className="relative z-10 inline-flex min-h-6 items-center gap-1.5 self-start text-ink-2 text-meta underline-offset-4 hover:underline pointer-coarse:min-h-10"
    >
      <Flag aria-hidden className="size-3.5 shrink-0" />
      {t("cards.milestone", { day: format.dayMonth(due), left: format.daysLeft(due) })}
      <span className="sr-only">, {client.name}</span>
    </Link>
  );
}

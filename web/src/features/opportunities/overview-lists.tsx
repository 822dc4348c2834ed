/** The three lists on the overview: the best of each, with its total. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { whyText } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import { LISTS, type List, topQuery } from "./api";
import { usePart } from "./part";
import { LIST_ICON, ListTotal } from "./totals";

const SHOWN = 3;

export function OverviewLists() {
  return (
    <div className="grid gap-4 max-md:gap-3 lg:grid-cols-3">
      {LISTS.map((list) => (
        <OverviewList key={list} list={list} />
      ))}
    </div>
  );
}

function OverviewList({ list }: { list: List }) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const part = usePart();
  const { data, error, refetch } = useQuery(topQuery({ list, ...part }, SHOWN));
  const Icon = LIST_ICON[list];
  const totals = data?.totals[list];
  return (
    <Card aria-labelledby={`list-${list}`} className="flex flex-col">
      <div className="flex items-start gap-3 px-4 pt-4 pb-3">
        <span className="flex size-8 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent-words">
          <Icon className="size-4" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <h2 id={`list-${list}`} className="font-semibold text-card">
            {words(`opportunity.list.${list}`)}
          </h2>
          {totals && (
            <p className="text-ink-2 text-meta">
              {t("clients", { count: totals.clients, n: format.number(totals.clients) })}
            </p>
          )}
        </div>
        {totals && (
          <div className="text-right">
            <ListTotal list={list} totals={totals} />
            <p className="text-ink-2 text-meta">
              {t("of", { amount: format.money(totals.amountCents) })}
            </p>
          </div>
        )}
      </div>
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Loading className="flex flex-col gap-3 px-4 pb-4">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </Loading>
      ) : data.items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t(`none.${list}`)}</p>
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {data.items.map((item) => (
            <li key={item.id} className="flex items-start justify-between gap-3 px-4 py-2.5">
              <div className="min-w-0">
                <TextLink
                  to="/clients/growth"
                  search={{ tab: "opportunities", list, opportunity: item.id, ...part } as never}
                  className="break-words text-ink"
                >
                  {item.clientName}
                </TextLink>
                <p className="line-clamp-2 text-ink-2 text-meta">
                  {whyText(format, item.evidence)}
                </p>
              </div>
              <div className="shrink-0 text-right">
                <p className="tnum font-semibold">
                  {item.amountCents == null ? t("noAmount") : format.money(item.expectedCents)}
                </p>
                <p className="tnum text-ink-2 text-meta">
                  {format.percent(item.probability, { digits: 0 })}
                </p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {totals && totals.count > 0 && (
        <p className="mt-auto border-border border-t px-4 py-2.5">
          <TextLink to="/clients/growth" search={{ tab: "opportunities", list, ...part } as never}>
            {t("seeAll", { count: totals.count, n: format.number(totals.count) })}
          </TextLink>
        </p>
      )}
    </Card>
  );
}

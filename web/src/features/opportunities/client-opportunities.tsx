/** A client's opportunities: those under way, and what became of the others. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { detectorName, whyText } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import { type Opportunity, topQuery } from "./api";
import { DecideMenu } from "./decide";
import { DetailSheet, StateBadge } from "./detail-sheet";

const MOST = 100;
const LIVE = "open,accepted,snoozed";

export const clientOpportunitiesQuery = (client: string) => topQuery({ client, state: LIVE }, MOST);

/** Under way only, for the side of the overview. */
export function ClientOpportunitiesCard({ clientId }: { clientId: string }) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const { data } = useQuery(clientOpportunitiesQuery(clientId));
  const [open, setOpen] = useState<string>();
  if (!data || data.items.length === 0) return null;
  return (
    <Card aria-labelledby="client-opportunities-side">
      <CardHeader
        id="client-opportunities-side"
        title={t("client.title", {
          count: data.items.length,
          n: format.number(data.items.length),
        })}
        actions={
          <TextLink to="/clients/$id" params={{ id: clientId }} search={{ tab: "opportunities" }}>
            {t("client.all")}
          </TextLink>
        }
      />
      <ul className="divide-y divide-border border-border border-t">
        {data.items.slice(0, 3).map((item) => (
          <li key={item.id}>
            <button
              type="button"
              onClick={() => setOpen(item.id)}
              className="flex w-full items-start justify-between gap-3 px-4 py-2.5 text-left -outline-offset-2 hover:bg-sunken"
            >
              <span className="min-w-0">
                <span className="block font-medium">{detectorName(item.detector)}</span>
                <span className="line-clamp-2 text-ink-2 text-meta">
                  {whyText(format, item.evidence)}
                </span>
              </span>
              <span className="tnum shrink-0 font-semibold">
                {item.amountCents == null ? t("noAmount") : format.money(item.expectedCents)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <DetailSheet id={open} onClose={() => setOpen(undefined)} />
    </Card>
  );
}

/** The tab. */
export function ClientOpportunities({ clientId }: { clientId: string }) {
  const { t } = useTranslation("opportunities");
  const { data, error, refetch } = useQuery(topQuery({ client: clientId, state: "all" }, MOST));
  const [open, setOpen] = useState<string>();
  if (error && !data) {
    return <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  const lives = (item: Opportunity) => LIVE.split(",").includes(item.state);
  const alive = data.items.filter(lives);
  const past = data.items
    .filter((item) => !lives(item))
    .sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <Group items={alive} onOpen={setOpen} current />
      {past.length > 0 && <Group items={past} onOpen={setOpen} />}
      <DetailSheet id={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}

function Group({
  items,
  onOpen,
  current,
}: {
  items: Opportunity[];
  onOpen: (id: string) => void;
  current?: boolean;
}) {
  const { t } = useTranslation("opportunities");
  const format = useFormat();
  const id = current ? "client-opportunities" : "client-opportunities-past";
  return (
    <Card aria-labelledby={id}>
      <CardHeader
        id={id}
        title={
          !current
            ? t("client.history")
            : items.length === 0
              ? t("client.none")
              : t("client.title", { count: items.length, n: format.number(items.length) })
        }
        subtitle={current && items.length === 0 ? t("client.noneText") : undefined}
      />
      {items.length > 0 && (
        <ul className="divide-y divide-border border-border border-t">
          {items.map((item) => (
            <li
              key={item.id}
              className="flex items-start justify-between gap-3 px-4 py-3 max-md:flex-col"
            >
              <button
                type="button"
                onClick={() => onOpen(item.id)}
                className="min-w-0 flex-1 rounded-control text-left hover:underline"
              >
                <span className="flex flex-wrap items-center gap-2 font-medium">
                  {detectorName(item.detector)} <StateBadge state={item.state} />
                </span>
                <span className="block text-ink-2 text-meta">
                  {[whyText(format, item.evidence), t("since", { day: format.date(item.since) })]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </button>
              <span className="flex shrink-0 items-center gap-3 max-md:w-full max-md:justify-between">
                <span className="text-right max-md:text-left">
                  <span className="tnum block font-semibold">
                    {item.wonCents != null
                      ? format.money(item.wonCents)
                      : item.amountCents == null
                        ? t("noAmount")
                        : format.money(item.expectedCents)}
                  </span>
                  {item.amountCents != null && item.wonCents == null && (
                    <span className="tnum block text-ink-2 text-meta">
                      {t("of", { amount: format.money(item.amountCents) })}
                    </span>
                  )}
                </span>
                <DecideMenu item={item} onDetail={() => onOpen(item.id)} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** The short cards of the overview: subscriptions, timeline, contacts. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Columns } from "@/components/layout/page-header";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime, TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import {
  type ClientDetail,
  contactsQuery,
  subscriptionsQuery,
  TIMELINE_KINDS,
  timelineQuery,
} from "./api";
import { Nps, Person } from "./page-contacts";
import { byStatus, StatusBadge, useAmount, useDates } from "./page-subscriptions";
import { TimelineList, TimelineSkeleton } from "./page-timeline";

export function Overview({
  client,
  health,
  beside,
}: {
  client: ClientDetail;
  health: ReactNode;
  /** Cards of other features, before the timeline. */
  beside?: ReactNode;
}) {
  return (
    <Columns
      main={
        <>
          {health}
          <Subscriptions client={client} />
        </>
      }
      side={
        <>
          {beside}
          <Timeline client={client} />
          <Contacts client={client} />
        </>
      }
    />
  );
}

function More({
  client,
  tab,
  children,
}: {
  client: ClientDetail;
  tab: string;
  children: ReactNode;
}) {
  return (
    <TextLink to="/clients/$id" params={{ id: client.id }} search={{ tab }}>
      {children}
    </TextLink>
  );
}

function Lines() {
  return (
    <Loading className="flex flex-col gap-3 px-4 pb-4">
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-9 w-full" />
    </Loading>
  );
}

function Subscriptions({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const amount = useAmount();
  const dates = useDates();
  const { data, error, refetch } = useQuery(subscriptionsQuery(client.id));
  const items = byStatus(data?.items ?? []).slice(0, 4);
  return (
    <Card aria-labelledby="overview-subscriptions">
      <CardHeader
        id="overview-subscriptions"
        title={t("page.tabs.subscriptions")}
        actions={
          data &&
          data.items.length > 0 && (
            <More client={client} tab="subscriptions">
              {t("page.overview.movements")}
            </More>
          )
        }
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("page.subscriptions.error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Lines />
      ) : items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("page.subscriptions.none")}</p>
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {items.map((item) => (
            <li key={item.id} className="flex items-center justify-between gap-3 px-4 py-2.5">
              <div className="min-w-0">
                <p className="break-words font-medium">
                  {item.product}
                  {item.quantity !== 1 && (
                    <span className="font-normal text-ink-2">
                      {" "}
                      × {format.number(item.quantity)}
                    </span>
                  )}
                </p>
                <p className="text-ink-2 text-meta">
                  {amount(item)} · {dates(item)}
                </p>
              </div>
              {item.status === "active" ? (
                <span className="tnum shrink-0 font-semibold">{format.money(item.mrrCents)}</span>
              ) : (
                <StatusBadge status={item.status} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** A measure of every day would leave no room for what happened. */
const EVENTS = TIMELINE_KINDS.filter((kind) => kind !== "metric");

function Timeline({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const { data, error, refetch, isPending } = useInfiniteQuery(timelineQuery(client.id, EVENTS, 8));
  const items = data?.pages[0]?.items ?? [];
  return (
    <Card aria-labelledby="overview-timeline">
      <CardHeader
        id="overview-timeline"
        title={t("page.tabs.timeline")}
        actions={
          items.length > 0 && (
            <More client={client} tab="timeline">
              {t("page.overview.all")}
            </More>
          )
        }
      />
      <div className="px-4 pb-4">
        {error && !data ? (
          <ErrorState
            title={t("page.timeline.error")}
            error={error}
            onRetry={() => void refetch()}
          />
        ) : isPending ? (
          <TimelineSkeleton />
        ) : items.length === 0 ? (
          <p className="text-ink-2">{t("page.timeline.noneText")}</p>
        ) : (
          <TimelineList clientId={client.id} items={items} />
        )}
      </div>
    </Card>
  );
}

function Contacts({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const { data, error, refetch } = useQuery(contactsQuery(client.id));
  const items = data?.items.slice(0, 5) ?? [];
  return (
    <Card aria-labelledby="overview-contacts">
      <CardHeader
        id="overview-contacts"
        title={t("page.tabs.contacts")}
        actions={
          client.contactsCount > 0 && (
            <More client={client} tab="contacts">
              {t("page.overview.contacts", {
                count: client.contactsCount,
                n: format.number(client.contactsCount),
              })}
            </More>
          )
        }
      />
      {error && !data ? (
        <ErrorState
          className="mx-4 mb-4"
          title={t("page.contacts.error")}
          error={error}
          onRetry={() => void refetch()}
        />
      ) : !data ? (
        <Lines />
      ) : items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("page.contacts.noneText")}</p>
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {items.map((contact) => (
            <li key={contact.id} className="flex items-center justify-between gap-3 px-4 py-2.5">
              <Person contact={contact} />
              {contact.nps != null ? (
                <Nps contact={contact} />
              ) : (
                contact.lastSeenAt && (
                  <span className="shrink-0 text-ink-2 text-meta">
                    <RelativeTime at={contact.lastSeenAt} />
                  </span>
                )
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

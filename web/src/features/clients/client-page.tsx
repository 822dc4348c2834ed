/** A client's page. Health and usage come from their own features, handed over by the route. */
import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useAnnouncePage } from "@/components/layout/page-header";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import type { Provenance } from "@/components/ui/number-door";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import { ApiError } from "@/lib/api";
import { useFormat } from "@/lib/session";
import { clientQuery, type TimelineKind } from "./api";
import { ContactsTab } from "./page-contacts";
import { DataTab } from "./page-data";
import { Duplicates } from "./page-duplicates";
import type { OwnFieldsForm } from "./page-edit-sheet";
import { Family } from "./page-family";
import { FilesTab } from "./page-files";
import { Gone } from "./page-gone";
import { ClientHeader } from "./page-header";
import { Overview } from "./page-overview";
import { SubscriptionsTab } from "./page-subscriptions";
import { TicketsTab } from "./page-tickets";
import { TimelineTab } from "./page-timeline";

export const CLIENT_TABS = [
  "overview",
  "journey",
  "health",
  "usage",
  "subscriptions",
  "opportunities",
  "tasks",
  "tickets",
  "contacts",
  "files",
  "timeline",
  "data",
] as const;
export type ClientTab = (typeof CLIENT_TABS)[number];

export interface ClientPageProps {
  id: string;
  tab: ClientTab;
  /** Stays when the tab changes. */
  days?: number;
  kinds: TimelineKind[] | undefined;
  onKinds: (kinds: TimelineKind[] | undefined) => void;
  healthProvenance: Provenance | undefined;
  ownFields: OwnFieldsForm;
  /** Makes a task, among the actions of the header. */
  newTask: (client: { id: string; name: string }) => ReactNode;
  /** Given the day on which the score stopped, if it did, and the client's segment. */
  healthOverview: (frozenOn: string | null, segment: string | null) => ReactNode;
  health: (frozenOn: string | null, segment: string | null) => ReactNode;
  /** The stage of the journey, among the facts of the header. */
  stage: ReactNode;
  journey: ReactNode;
  usage: (seats: number | null) => ReactNode;
  /** The best next move, on top of the overview. */
  move: ReactNode;
  opportunities: ReactNode;
  tasks: (client: { id: string; name: string }) => ReactNode;
  /** Cards on the side of the overview. */
  beside: (client: { id: string; name: string }) => ReactNode;
  /** How many opportunities and tasks are under way, once known. */
  work: { opportunities?: number; tasks?: number };
}

const LIST = "/clients/growth";

export function ClientPage(props: ClientPageProps) {
  const { id, tab, days } = props;
  const { t } = useTranslation("clients");
  const format = useFormat();
  const { data: client, error, refetch } = useQuery(clientQuery(id));
  const unknown = error instanceof ApiError && error.status === 404;
  useAnnouncePage(
    client?.name ?? (unknown ? t("page.unknown.title") : t("page.title")),
    [{ label: t("page.crumb"), to: LIST }],
    LIST,
  );
  if (unknown) {
    return (
      <EmptyState
        className="py-16"
        level={1}
        icon={<SearchX aria-hidden />}
        title={t("page.unknown.title")}
        text={t("page.unknown.text")}
        footer={<TextLink to={LIST}>{t("page.unknown.back")}</TextLink>}
      />
    );
  }
  if (!client) {
    return error ? (
      <>
        <h1 className="sr-only">{t("page.title")}</h1>
        <ErrorState title={t("page.error")} error={error} onRetry={() => void refetch()} />
      </>
    ) : (
      <HeaderSkeleton />
    );
  }
  const frozenOn = client.frozen
    ? (client.churnedOn ?? client.healthAt?.slice(0, 10) ?? null)
    : null;
  const segment = client.segment ?? null;
  const counts: Partial<Record<ClientTab, number>> = {
    subscriptions: client.subscriptionsActive,
    tickets: client.openTickets,
    contacts: client.contactsCount,
    ...props.work,
  };
  return (
    <>
      <ClientHeader
        client={client}
        ownFields={props.ownFields}
        newTask={props.newTask(client)}
        stage={props.stage}
        healthProvenance={props.healthProvenance}
      />
      {client.status === "deleted" ? <Gone client={client} /> : <Duplicates client={client} />}
      <LinkTabs label={t("page.tabs.label")} className="mb-4 max-md:mb-3">
        {CLIENT_TABS.map((name) => (
          <LinkTab
            key={name}
            to="/clients/$id"
            params={{ id }}
            search={{ tab: name === "overview" ? undefined : name, days }}
            resetScroll={false}
            aria-current={name === tab ? "page" : undefined}
            count={counts[name] ? format.number(counts[name]) : undefined}
          >
            {t(`page.tabs.${name}`)}
          </LinkTab>
        ))}
      </LinkTabs>
      {tab === "overview" && (
        <Overview
          client={client}
          health={
            <>
              {props.move}
              {props.healthOverview(frozenOn, segment)}
            </>
          }
          beside={props.beside(client)}
        />
      )}
      {tab === "journey" && props.journey}
      {tab === "health" && (
        <div className="flex flex-col gap-4 max-md:gap-3">
          {client.children.length > 0 && <Family>{client.children}</Family>}
          {props.health(frozenOn, segment)}
        </div>
      )}
      {tab === "usage" && props.usage(client.seats ?? null)}
      {tab === "subscriptions" && <SubscriptionsTab client={client} />}
      {tab === "opportunities" && props.opportunities}
      {tab === "tasks" && props.tasks(client)}
      {tab === "tickets" && <TicketsTab client={client} />}
      {tab === "contacts" && <ContactsTab client={client} />}
      {tab === "files" && <FilesTab client={client} />}
      {tab === "timeline" && (
        <TimelineTab clientId={id} kinds={props.kinds} onKinds={props.onKinds} />
      )}
      {tab === "data" && <DataTab client={client} />}
    </>
  );
}

function HeaderSkeleton() {
  const { t } = useTranslation("clients");
  return (
    <>
      <h1 className="sr-only">{t("page.title")}</h1>
      <Card className="p-4">
        <Loading>
          <div className="flex gap-4">
            <Skeleton className="size-12" />
            <div className="flex-1">
              <Skeleton className="h-6 w-56 max-w-full" />
              <Skeleton className="mt-2 h-4 w-80 max-w-full" />
            </div>
          </div>
          <Skeleton className="mt-5 h-14 w-full" />
        </Loading>
      </Card>
    </>
  );
}

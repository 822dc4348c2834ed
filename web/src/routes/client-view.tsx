/** A client's page, put together from features that do not know each other. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { Loading, Skeleton } from "@/components/ui/states";
import { OwnFields } from "@/features/advanced/own-fields";
import { TIMELINE_KINDS, type TimelineKind } from "@/features/clients/api";
import { CLIENT_TABS, ClientPage } from "@/features/clients/client-page";
import type { Days } from "@/features/health/api";
import { HealthOverview, HealthPanel, useHealthProvenance } from "@/features/health/panels";
import { JourneyCard, StageFact } from "@/features/journey/journey-card";
import {
  ClientOpportunities,
  ClientOpportunitiesCard,
  clientOpportunitiesQuery,
} from "@/features/opportunities/client-opportunities";
import { ClientMove } from "@/features/opportunities/moves";
import { AskCard } from "@/features/surveys/ask-card";
import { clientTasksQuery } from "@/features/tasks/api";
import { ClientTasks, ClientTasksCard, NewTask } from "@/features/tasks/client-tasks";
import { UsagePanel } from "@/features/usage/usage-panel";
import { loadNamespaces } from "@/lib/i18n";
import { oneOf, someOf } from "@/lib/search";
import { useUrlState } from "@/lib/use-url-state";
import type { ClientSearch } from "./client";

// The evidence of criteria is said with the words of client management.
const ClientJourney = lazy(async () => {
  await loadNamespaces("advanced");
  return { default: (await import("@/features/journey/client-journey")).ClientJourney };
});

export function ClientView() {
  const { id = "" } = useParams({ strict: false }) as { id?: string };
  const [search, setSearch] = useUrlState<ClientSearch>();
  const tab = oneOf(search.tab, CLIENT_TABS) ?? "overview";
  const days: Days = oneOf(search.days, [30, 90, 365] as const) ?? 90;
  const onDays = (next: Days) => setSearch({ days: next === 90 ? undefined : next });
  const period = { clientId: id, days, onDays };
  const healthProvenance = useHealthProvenance(id, days);
  const { data: opportunities } = useQuery(clientOpportunitiesQuery(id));
  const { data: tasks } = useQuery(clientTasksQuery(id));
  return (
    <ClientPage
      key={id}
      id={id}
      tab={tab}
      days={search.days}
      kinds={someOf<TimelineKind>(search.kinds, TIMELINE_KINDS)}
      onKinds={(kinds) => setSearch({ kinds: kinds?.join(",") })}
      healthProvenance={healthProvenance}
      ownFields={OwnFields}
      newTask={(client) => <NewTask client={client} />}
      healthOverview={(frozenOn, segment) => (
        <HealthOverview {...period} frozenOn={frozenOn} segment={segment} />
      )}
      health={(frozenOn, segment) => (
        <HealthPanel
          {...period}
          frozenOn={frozenOn}
          segment={segment}
          past={{ day: search.day, with: search.with, from: search.from, to: search.to }}
          onPast={setSearch}
        />
      )}
      stage={<StageFact clientId={id} />}
      journey={
        <Suspense
          fallback={
            <Loading>
              <Skeleton className="h-80 w-full" />
            </Loading>
          }
        >
          <ClientJourney clientId={id} />
        </Suspense>
      }
      usage={(seats) => <UsagePanel {...period} seats={seats} />}
      move={<ClientMove clientId={id} />}
      opportunities={<ClientOpportunities clientId={id} />}
      tasks={(client) => <ClientTasks client={client} />}
      beside={(client) => (
        <>
          <JourneyCard clientId={id} />
          <ClientTasksCard client={client} />
          <ClientOpportunitiesCard clientId={id} />
          <AskCard clientId={id} />
        </>
      )}
      work={{
        opportunities: opportunities?.items.length,
        tasks: tasks && tasks.counts.overdue + tasks.counts.today + tasks.counts.later,
      }}
    />
  );
}

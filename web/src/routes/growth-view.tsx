/** Client growth: the figures, with the list of clients under them. Features meet here. */
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { ChartSkeleton } from "@/components/charts";
import { ClientList } from "@/features/clients/client-list";
import { GrowthPage } from "@/features/growth/growth-page";
import { CLIENTS_ANCHOR } from "@/features/growth/links";
import { LISTS, topQuery } from "@/features/opportunities/api";
import { MovesCard } from "@/features/opportunities/moves";
import { OverviewLists } from "@/features/opportunities/overview-lists";
import { usePart } from "@/features/opportunities/part";
import { loadNamespaces } from "@/lib/i18n";

// A tab's code and words come when it is opened.
const HealthTab = lazy(async () => {
  await loadNamespaces("health");
  return import("./growth-health");
});
const ForecastTab = lazy(async () => ({
  default: (await import("@/features/growth/forecast-tab")).ForecastTab,
}));
const JourneyTab = lazy(async () => {
  await loadNamespaces("journey", "advanced");
  return { default: (await import("@/features/journey/journey-tab")).JourneyTab };
});
const OpportunitiesTab = lazy(async () => ({
  default: (await import("@/features/opportunities/opportunities-tab")).OpportunitiesTab,
}));

export function GrowthView() {
  const { data } = useQuery(topQuery(usePart(), 1));
  const waiting = data && LISTS.reduce((sum, list) => sum + data.totals[list].count, 0);
  return (
    <GrowthPage
      tabs={[
        { tab: "forecast", content: () => later(<ForecastTab />) },
        {
          tab: "health",
          content: (summary) => later(<HealthTab summary={summary} />),
          count: (summary) => summary?.atRiskClients,
        },
        {
          tab: "opportunities",
          content: () => later(<OpportunitiesTab />),
          count: () => waiting,
        },
        { tab: "journey", content: () => later(<JourneyTab />) },
      ]}
      aside={() => <MovesCard />}
      opportunities={() => <OverviewLists />}
      clients={(summary) => (
        <ClientList
          anchor={CLIENTS_ANCHOR}
          counts={
            summary && {
              active: summary.activeClients,
              total: summary.clientsTotal,
              atRisk: summary.atRiskClients,
              atRiskMrrCents: summary.atRiskMrrCents,
              classes: summary.healthClasses,
            }
          }
        />
      )}
    />
  );
}

const later = (tab: ReactNode) => <Suspense fallback={<ChartSkeleton />}>{tab}</Suspense>;

/** Client growth: the figures, with the list of clients under them. Features meet here. */
import { lazy, type ReactNode, Suspense } from "react";
import { ChartSkeleton } from "@/components/charts";
import { ClientList } from "@/features/clients/client-list";
import { GrowthPage } from "@/features/growth/growth-page";
import { CLIENTS_ANCHOR } from "@/features/growth/links";
import { loadNamespaces } from "@/lib/i18n";

// A tab's code and words come when it is opened.
const HealthTab = lazy(async () => {
  await loadNamespaces("health");
  return import("./growth-health");
});

export function GrowthView() {
  return (
    <GrowthPage
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
      tabs={[{ tab: "health", content: (summary) => later(<HealthTab summary={summary} />) }]}
    />
  );
}

const later = (tab: ReactNode) => <Suspense fallback={<ChartSkeleton />}>{tab}</Suspense>;

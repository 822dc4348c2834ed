/** Client growth: the figures, with the list of clients under them. Two features meet here. */
import { ClientList } from "@/features/clients/client-list";
import { ForecastTab } from "@/features/growth/forecast-tab";
import { GrowthPage } from "@/features/growth/growth-page";
import { CLIENTS_ANCHOR } from "@/features/growth/links";
import { MovesCard } from "@/features/opportunities/moves";
import { OpportunitiesTab } from "@/features/opportunities/opportunities-tab";
import { OverviewLists } from "@/features/opportunities/overview-lists";

export function GrowthView() {
  return (
    <GrowthPage
      tabs={[
        { tab: "forecast", content: () => <ForecastTab /> },
        { tab: "opportunities", content: () => <OpportunitiesTab /> },
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

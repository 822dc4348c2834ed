/** The tab "Health" of client growth: health says how all are, clients show each of them. */
import { ClientCards } from "@/features/clients/client-cards";
import { ClientsBehind } from "@/features/clients/clients-behind";
import type { Summary } from "@/features/growth/api";
import type { Scope } from "@/features/health/api";
import { CARDS_ANCHOR, HealthTab } from "@/features/health/portfolio";
import { useUrlState } from "@/lib/use-url-state";

export default function GrowthHealth({ summary }: { summary: Summary | undefined }) {
  const [{ segment, owner, product, view }] = useUrlState<Scope>();
  return (
    <HealthTab
      summary={summary}
      cards={<ClientCards active={summary?.activeClients} anchor={CARDS_ANCHOR} />}
      behind={(risk) => (
        <ClientsBehind
          key={risk.key}
          risk={risk.key}
          segment={segment}
          owner={owner}
          product={product}
          view={view}
        />
      )}
    />
  );
}

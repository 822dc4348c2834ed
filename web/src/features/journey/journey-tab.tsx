/** The tab of journeys: one client's, or the whole portfolio's by stage. */
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Tabs } from "@/components/ui/tab-panels";
import { useUrlState } from "@/lib/use-url-state";
import { boardQuery } from "./api-portfolio";
import { Board } from "./board";
import { ClientJourney } from "./client-journey";
import { ClientsList } from "./clients-list";
import { Funnel } from "./funnel";
import { ClientPicker } from "./picker";
import { usePortfolioParams } from "./portfolio-filters";
import { type JourneySearch, type PortfolioSearch, SHOWS, type Show } from "./search";
import { Times } from "./times";

export function JourneyTab() {
  const { t } = useTranslation("journey");
  const [search, set] = useUrlState<JourneySearch & PortfolioSearch>();
  const open = (client: string | undefined) =>
    set({ client, part: undefined, stage: undefined }, { push: true });
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <ClientPicker onChoose={(client) => open(client.id)} />
        {search.client && (
          <Button variant="ghost" onClick={() => open(undefined)}>
            <ArrowLeft aria-hidden />
            {t("picker.all")}
          </Button>
        )}
      </div>
      {search.client ? (
        <ClientJourney key={search.client} clientId={search.client} named />
      ) : (
        <Portfolio />
      )}
    </div>
  );
}

function Portfolio() {
  const { t } = useTranslation("journey");
  const [search, set] = useUrlState<PortfolioSearch>();
  const { slice } = usePortfolioParams();
  const { data } = useQuery(boardQuery(slice));
  const show = search.show ?? "board";
  const content: Record<Show, () => ReactNode> = {
    board: () => <Board />,
    late: () => <ClientsList stages={data?.stages ?? []} />,
    funnel: () => <Funnel />,
    times: () => <Times />,
  };
  return (
    <Tabs<Show>
      label={t("show.label")}
      value={show}
      onChange={(next) => set({ show: next === "board" ? undefined : next }, { push: true })}
      tabs={SHOWS.map((value) => ({
        value,
        label: t(`show.${value}`),
        content: value === show ? content[value]() : null,
      }))}
    />
  );
}

/** The tab of forecasts with its own filters, period and sheet of movements: on a page of tools. */
import { useQuery } from "@tanstack/react-query";
import { laterPart } from "@/components/ui/later";
import { useUrlState } from "@/lib/use-url-state";
import { summaryQuery } from "./api";
import { ForecastTab } from "./forecast-tab";
import { NoClients } from "./no-clients";
import { PeriodSwitch } from "./period-switch";
import { type GrowthSearch, isSliced, readMoves } from "./periods";
import { SliceFilters, useSlice } from "./slice";

const MovementsSheet = laterPart(async () => (await import("./movements-sheet")).MovementsSheet);

export function ForecastTool() {
  const [search, set] = useUrlState<GrowthSearch>();
  const moves = readMoves(search.moves);
  const slice = useSlice();
  const { data: summary, refetch } = useQuery(summaryQuery(slice));
  // Nothing to foretell, and nothing to filter.
  if (summary?.clientsTotal === 0 && !isSliced(slice)) return <NoClients onWait={refetch} />;
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <SliceFilters />
        <PeriodSwitch />
      </div>
      <ForecastTab />
      <MovementsSheet
        moves={moves}
        open={moves !== undefined}
        onOpenChange={(open) => !open && set({ moves: undefined })}
      />
    </div>
  );
}

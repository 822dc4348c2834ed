/** The tab of forecasts with its own filters, period and sheet of movements: on a page of tools. */
import { laterPart } from "@/components/ui/later";
import { useUrlState } from "@/lib/use-url-state";
import { ForecastTab } from "./forecast-tab";
import { PeriodSwitch } from "./period-switch";
import { type GrowthSearch, readMoves } from "./periods";
import { SliceFilters } from "./slice";

const MovementsSheet = laterPart(async () => (await import("./movements-sheet")).MovementsSheet);

export function ForecastTool() {
  const [search, set] = useUrlState<GrowthSearch>();
  const moves = readMoves(search.moves);
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

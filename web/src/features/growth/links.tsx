/** Ways from a figure to what is behind it: the movements beside the page, the clients below. */
import type { ReactNode } from "react";
import { TextLink } from "@/components/ui/misc";
import { type GrowthSearch, growthSearch, type Moves, sliceOf, writeMoves } from "./periods";

/** Where the list of clients stands on the page. */
export const CLIENTS_ANCHOR = "clients";

/** The page's own search among all that a URL may hold. */
type Search = Omit<GrowthSearch, "tab"> & { tab?: string };

/** Opens the movements of a range, all or of one kind. */
export function MovesLink({ moves, children }: { moves: Moves; children: ReactNode }) {
  return (
    <TextLink
      to="/clients/growth"
      search={(previous: Search) => ({
        ...previous,
        tab: growthSearch(previous).tab,
        moves: writeMoves(moves),
      })}
      resetScroll={false}
    >
      {children}
    </TextLink>
  );
}

/** Sets the filters of the list of clients and goes to it. */
export function ClientsLink({
  filters,
  children,
}: {
  filters: { status?: "active"; risk?: true; health?: string; sort?: "-mrr" };
  children: ReactNode;
}) {
  return (
    <TextLink
      to="/clients/growth"
      search={(previous: Search) => ({
        months: previous.months,
        flow: previous.flow,
        ...sliceOf(previous),
        ...filters,
      })}
      hash={CLIENTS_ANCHOR}
      resetScroll={false}
    >
      {children}
    </TextLink>
  );
}

/** Leads to a part of the tab of forecasts. */
export function ForecastLink({
  to,
  objective,
  children,
}: {
  to: "forecast" | "objectives" | "acquisition" | "cohorts";
  objective?: string;
  children: ReactNode;
}) {
  return (
    <TextLink
      to="/clients/growth"
      search={(previous: Search) => ({
        months: previous.months,
        ...sliceOf(previous),
        tab: "forecast" as const,
        objective,
      })}
      hash={to}
    >
      {children}
    </TextLink>
  );
}

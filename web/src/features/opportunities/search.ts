/** What stands in the URL of the opportunities tab. */
import { oneOf, type RawSearch, text } from "@/lib/search";
import { LISTS, type List, STATES, type State } from "./api";

export interface OpportunitySearch {
  list?: List;
  state?: State;
  /** The matrix of clients and products instead of the lists. */
  shown?: "matrix";
  /** Only clients to whom this product could be sold. */
  suggested?: string;
  /** The opportunity that is open beside the page. */
  opportunity?: string;
}

export function opportunitySearch(search: RawSearch): OpportunitySearch {
  return {
    list: oneOf(search.list, LISTS),
    state: oneOf(search.state, STATES),
    shown: oneOf(search.shown, ["matrix"]),
    suggested: text(search.suggested),
    opportunity: text(search.opportunity, 40),
  };
}

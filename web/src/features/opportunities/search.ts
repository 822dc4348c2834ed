/** What stands in the URL of the opportunities tab. */
import { oneOf, type RawSearch, text } from "@/lib/search";
import { LISTS, type List, STATES, type State } from "./api";

export interface OpportunitySearch {
  list?: List;
  state?: State;
  /** Not "segment" and "owner": those belong to the list of clients on the same page. */
  oppSegment?: string;
  oppOwner?: string;
  /** The opportunity that is open beside the page. */
  opportunity?: string;
}

export function opportunitySearch(search: RawSearch): OpportunitySearch {
  return {
    list: oneOf(search.list, LISTS),
    state: oneOf(search.state, STATES),
    oppSegment: text(search.oppSegment),
    oppOwner: text(search.oppOwner),
    opportunity: text(search.opportunity, 40),
  };
}

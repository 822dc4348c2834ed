/** What stands in the URL of the opportunities tab. */
import { oneOf, type RawSearch, text } from "@/lib/search";
import { LISTS, type List, STATES, type State } from "./api";

export interface OpportunitySearch {
  list?: List;
  state?: State;
  /** Not "segment" and "owner": those belong to the list of clients on the same page. */
  oppSegment?: string;
  oppOwner?: string;
  /** The matrix of clients and products instead of the lists. */
  shown?: "matrix";
  /** A saved view, of whose clients the matrix is. */
  oppView?: string;
  /** Only clients to whom this product could be sold. */
  suggested?: string;
  /** The opportunity that is open beside the page. */
  opportunity?: string;
}

export function opportunitySearch(search: RawSearch): OpportunitySearch {
  return {
    list: oneOf(search.list, LISTS),
    state: oneOf(search.state, STATES),
    oppSegment: text(search.oppSegment),
    oppOwner: text(search.oppOwner),
    shown: oneOf(search.shown, ["matrix"]),
    oppView: text(search.oppView, 40),
    suggested: text(search.suggested),
    opportunity: text(search.opportunity, 40),
  };
}

/** What stands in the URL of the journey pages. */
import { oneOf, type RawSearch, text } from "@/lib/search";

/** Parts of one client's journey; the first is the page without one. */
export const PARTS = ["journey", "milestones", "factors", "actions"] as const;
export type Part = (typeof PARTS)[number];

/** Views of the portfolio; the board is the page without one. */
export const SHOWS = ["board", "late", "funnel", "times"] as const;
export type Show = (typeof SHOWS)[number];

/** Which clients the list shows; the late are the list without one. */
export const ONLY = ["late", "at_risk", "ask", "stalled", "none", "completed"] as const;
export type Only = (typeof ONLY)[number];

export interface JourneySearch {
  /** The client whose journey is open. */
  client?: string;
  part?: Part;
  /** The stage that is open on the track. */
  stage?: string;
}
export interface PortfolioSearch {
  show?: Show;
  only?: Only;
  /** Or those at a stage, by its key. */
  inStage?: string;
  /** Not "segment" and the like: those belong to other parts of the same pages. */
  inSegment?: string;
  inOwner?: string;
  inProduct?: string;
  /** A saved view. */
  inView?: string;
  /** Part of a client's name. */
  named?: string;
}

export function journeySearch(search: RawSearch): JourneySearch & PortfolioSearch {
  const part = oneOf(search.part, PARTS);
  const show = oneOf(search.show, SHOWS);
  const only = oneOf(search.only, ONLY);
  return {
    client: text(search.client, 40),
    part: part === "journey" ? undefined : part,
    stage: text(search.stage, 60),
    show: show === "board" ? undefined : show,
    only: only === "late" ? undefined : only,
    inSegment: text(search.inSegment),
    inStage: text(search.inStage, 60),
    inOwner: text(search.inOwner),
    inProduct: text(search.inProduct),
    inView: text(search.inView, 40),
    named: text(search.named, 100),
  };
}

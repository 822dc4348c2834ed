/** The part of the portfolio that the page is about, as its URL says: the same for lists, moves and counts. */
import { useMemo } from "react";
import { useUrlState } from "@/lib/use-url-state";

/** `-` names clients without a segment or an owner. */
export type Part = { segment?: string; owner?: string; product?: string; view?: string };

export function usePart(): Part {
  const [{ segment, owner, product, view }] = useUrlState<Part>();
  return useMemo(() => ({ segment, owner, product, view }), [segment, owner, product, view]);
}

export const WHOLE: Part = {
  segment: undefined,
  owner: undefined,
  product: undefined,
  view: undefined,
};

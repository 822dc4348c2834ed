/** From a count of clients at a stage to the list of the same clients: of the same part of the portfolio. */
import type { ReactNode } from "react";
import { TextLink } from "./misc";

/** The part of the portfolio that the count is about. */
export interface StageSlice {
  segment?: string;
  owner?: string;
  product?: string;
  view?: string;
}

/** What stands in the URL of that list; `none` lists those without a journey. */
export function stageSearch(stage: string, { segment, owner, product, view }: StageSlice) {
  const of = stage === "none" ? { only: "none" } : { inStage: stage };
  return {
    tab: "journey",
    show: "late",
    ...of,
    inSegment: segment,
    inOwner: owner,
    inProduct: product,
    inView: view,
  };
}

export function StageLink({
  stage,
  slice,
  className = "text-ink",
  children,
}: {
  stage: string;
  slice: StageSlice;
  className?: string;
  children: ReactNode;
}) {
  return (
    <TextLink to="/growth-tools" search={stageSearch(stage, slice) as never} className={className}>
      {children}
    </TextLink>
  );
}

/** Where a client may be moved by hand. Pure. */
export type WayKind = "forward" | "skip" | "back" | "end";
export interface Way {
  id: string;
  kind: WayKind;
  to: string | null;
}

/** Forwards first, then past the current stage, back, and to the end. */
export function waysFrom(stages: readonly { key: string }[], current: string | undefined): Way[] {
  const at = stages.findIndex((stage) => stage.key === current);
  const next = at < 0 ? undefined : stages[at + 1];
  const way = (kind: WayKind) => (stage: { key: string }) => ({
    id: stage.key,
    kind,
    to: stage.key,
  });
  return [
    ...stages.slice(at + 1).map(way("forward")),
    ...(next ? [{ id: `skip ${next.key}`, kind: "skip" as const, to: next.key }] : []),
    ...stages.slice(0, Math.max(0, at)).reverse().map(way("back")),
    { id: "end", kind: "end", to: null },
  ];
}

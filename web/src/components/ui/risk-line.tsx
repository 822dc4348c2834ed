/** A risk in a list: what, since when, how many points of the score it costs. */
import type { ReactNode } from "react";
import { type HealthFact, riskText } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import { Badge } from "./badge";
import { CriticalGlyph, WatchGlyph } from "./health";

/** From this many points on, a risk counts as grave. */
const GRAVE = 5;

export function RiskLine({
  risk,
  since,
}: {
  risk: HealthFact & { pointsLost: number };
  /** "since 3 March", where it is known. */
  since: ReactNode;
}) {
  const format = useFormat();
  const grave = risk.pointsLost >= GRAVE;
  const Glyph = grave ? CriticalGlyph : WatchGlyph;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Glyph className="mt-0.5 size-4" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{riskText(format, risk)}</p>
        {since && <p className="text-ink-2 text-meta">{since}</p>}
      </div>
      {risk.pointsLost > 0 && (
        <Badge tone={grave ? "critical" : "watch"}>{format.points(-risk.pointsLost)}</Badge>
      )}
    </li>
  );
}

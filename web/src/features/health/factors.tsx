/** "What makes up the score": each component with its points, its weight and what the facts say. */
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { classOfScore, healthFill } from "@/components/ui/health";
import { Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { componentName, evidenceText } from "@/lib/health-words";
import { usePhone } from "@/lib/hooks";
import { useFormat, useHealthFloors } from "@/lib/session";
import type { Factor, Health } from "./api";
import { Caps } from "./caps";

export function Factors({
  health,
  full = false,
  frozenOn,
}: {
  health: Health;
  full?: boolean;
  frozenOn?: string | null;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const phone = usePhone();
  // Those that weigh on the score come first; what is not known closes the list.
  const factors = [...health.factors].sort(
    (a, b) => Number(a.score == null) - Number(b.score == null) || (a.score ?? 0) - (b.score ?? 0),
  );
  const sentences = (factor: Factor) => {
    const all = factor.evidence.map((item) => evidenceText(format, item)).filter(Boolean);
    return full ? all : all.slice(0, 1);
  };
  const weight = (factor: Factor) => format.percent(factor.weight, { digits: 0 });
  return (
    <Card aria-labelledby="factors">
      <CardHeader
        id="factors"
        title={t("factors.title")}
        subtitle={frozenOn ? t("factors.frozen", { day: format.date(frozenOn) }) : undefined}
      />
      <Caps caps={health.caps} risks={health.risks} className="mx-4 mb-3" />
      {factors.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("factors.none")}</p>
      ) : phone ? (
        <ul className="divide-y divide-border border-border border-t">
          {factors.map((factor) => (
            <li key={factor.component} className="px-4 py-3">
              <div className="flex items-baseline justify-between gap-3">
                <span className="font-medium">{componentName(factor.component)}</span>
                <ChangeOf factor={factor} />
              </div>
              <div className="mt-1.5 flex items-center gap-3">
                <ScoreBar score={factor.score} className="flex-1" />
                <span className="tnum font-semibold">{format.number(factor.score)}</span>
                <span className="tnum text-ink-3 text-meta">
                  {t("factors.weightShort", { pct: weight(factor) })}
                </span>
              </div>
              <Facts lines={sentences(factor)} absent={factor.score == null} className="mt-1.5" />
            </li>
          ))}
        </ul>
      ) : (
        <Table aria-label={t("factors.title")}>
          <thead>
            <tr>
              <Th>{t("factors.component")}</Th>
              <Th end>{t("factors.score")}</Th>
              <Th className={full ? "w-44" : "w-24"}>
                <span className="sr-only">{t("factors.bar")}</span>
              </Th>
              <Th end>{t("factors.weight")}</Th>
              <Th end>{t("factors.change")}</Th>
              <Th className={full ? undefined : "w-2/5"}>{t("factors.facts")}</Th>
            </tr>
          </thead>
          <tbody>
            {factors.map((factor) => (
              <tr key={factor.component} className={cn(factor.score == null && "text-ink-3")}>
                <th
                  scope="row"
                  className="h-10 whitespace-nowrap border-border border-b px-2 pl-4 text-left font-normal"
                >
                  {componentName(factor.component)}
                </th>
                <Td end className="font-semibold">
                  {format.number(factor.score)}
                </Td>
                <Td>
                  <ScoreBar score={factor.score} />
                </Td>
                <Td end>{weight(factor)}</Td>
                <Td end>
                  <ChangeOf factor={factor} />
                </Td>
                <Td className="py-2">
                  <Facts lines={sentences(factor)} absent={factor.score == null} />
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function ChangeOf({ factor }: { factor: Factor }) {
  const format = useFormat();
  return <Change value={factor.change30d} text={format.points(factor.change30d, { digits: 0 })} />;
}

export function ScoreBar({
  score,
  className,
}: {
  score: number | null | undefined;
  className?: string;
}) {
  const floors = useHealthFloors();
  return (
    <span
      aria-hidden
      className={cn("block h-1.5 overflow-hidden rounded-full bg-sunken", className)}
    >
      {score != null && (
        <span
          className={cn(
            "block h-full min-w-[3px] rounded-full",
            healthFill[classOfScore(score, floors)],
          )}
          style={{ width: `${score}%` }}
        />
      )}
    </span>
  );
}

export function Facts({
  lines,
  absent,
  className,
}: {
  lines: string[];
  absent: boolean;
  className?: string;
}) {
  const { t } = useTranslation("health");
  if (lines.length === 0)
    return <p className={cn("text-ink-3", className)}>{absent ? t("factors.absent") : ""}</p>;
  return (
    <div className={cn("text-ink-2", className)}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

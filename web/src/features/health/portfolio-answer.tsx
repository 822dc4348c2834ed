/** The answer first: how healthy the portfolio is, how many are at risk, and what they pay. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { classOfScore, HealthMark } from "@/components/ui/health";
import { NumberDoor } from "@/components/ui/number-door";
import { useFormat, useHealthFloors } from "@/lib/session";
import { isNarrow, type Portfolio, type Scope } from "./api";
import type { Filters } from "./portfolio";

export interface AnswerProps {
  portfolio: Portfolio;
  scope: Scope;
  summary:
    | {
        meanHealthChange30d?: number | null;
        mrrCents: number;
        computedAt: string;
      }
    | undefined;
  onOpen: (filters: Filters) => void;
}

export function Answer({ portfolio, scope, summary, onOpen }: AnswerProps) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const floors = useHealthFloors();
  const filtered = isNarrow(scope);
  const { scored, mean, atRisk } = portfolio;
  const clients = scored + portfolio.unknown;
  const title =
    clients === 0
      ? t("answer.none")
      : t(`answer.${atRisk === 0 ? "fine" : "risk"}${mean == null ? "Of" : ""}`, {
          count: atRisk,
          n: format.number(atRisk),
          of: format.number(clients),
          mean: format.number(mean),
          mrr: format.money(portfolio.atRiskMrrCents),
        });
  return (
    <Card aria-labelledby="answer">
      <CardHeader id="answer" title={title} subtitle={t("answer.text")} />
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-b-card border-border border-t bg-border lg:grid-cols-4">
        <Figure
          term={t("answer.mean")}
          note={
            summary?.meanHealthChange30d != null ? (
              <span className="inline-flex items-baseline gap-1">
                <Change
                  value={summary.meanHealthChange30d}
                  text={format.points(summary.meanHealthChange30d)}
                />
                {t("answer.days30")}
              </span>
            ) : (
              filtered && t("answer.meanOf", { count: scored, n: format.number(scored) })
            )
          }
        >
          {summary ? (
            <NumberDoor
              provenance={{
                title: t("answer.mean"),
                computedAt: summary.computedAt,
                formula: t("answer.meanFormula"),
                parts: [
                  { label: t("answer.active"), value: format.number(clients) },
                  { label: t("answer.scored"), value: format.number(scored) },
                ],
                total: { label: t("answer.mean"), value: format.number(mean, { digits: 1 }) },
              }}
            >
              <HealthMark
                score={mean == null ? null : Math.round(mean)}
                class={classOfScore(mean == null ? null : Math.round(mean), floors)}
                word
              />
            </NumberDoor>
          ) : (
            format.number(null)
          )}
        </Figure>
        <Figure
          term={t("answer.atRisk")}
          note={t("answer.ofClients", { count: clients, n: format.number(clients) })}
        >
          <Opener
            label={t("answer.openRisk")}
            onClick={() => onOpen({ risk: true, sort: undefined })}
          >
            {format.number(atRisk)}
          </Opener>
        </Figure>
        <Figure
          term={t("answer.stake")}
          note={
            summary && !filtered && summary.mrrCents > 0
              ? t("answer.share", {
                  pct: format.percent(portfolio.atRiskMrrCents / summary.mrrCents),
                })
              : t("answer.monthly")
          }
        >
          <Opener
            label={t("answer.openStake")}
            onClick={() => onOpen({ risk: true, sort: "-mrr" })}
          >
            {format.money(portfolio.atRiskMrrCents)}
          </Opener>
        </Figure>
        <Figure term={t("answer.unknown")} note={t("answer.unknownNote")}>
          <Opener
            label={t("answer.openUnknown")}
            onClick={() => onOpen({ health: "unknown", sort: undefined })}
          >
            {format.number(portfolio.unknown)}
          </Opener>
        </Figure>
      </dl>
    </Card>
  );
}

function Figure({ term, note, children }: { term: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-4 py-3">
      <dt className="text-ink-2 text-meta">{term}</dt>
      <dd className="mt-0.5 font-semibold text-value">{children}</dd>
      {note && <dd className="mt-0.5 text-ink-2 text-meta">{note}</dd>}
    </div>
  );
}

/** A figure that opens its clients. */
function Opener({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="tnum -mx-1 min-h-6 rounded-control px-1 text-left underline decoration-border-strong decoration-dotted underline-offset-4 hover:bg-sunken pointer-coarse:min-h-10"
    >
      {children}
      <span className="sr-only">, {label}</span>
    </button>
  );
}

/** Why an opportunity: its evidence, how its value is computed, and its life. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "@/components/ui/badge";
import { Sheet } from "@/components/ui/dialog";
import { TextLink } from "@/components/ui/misc";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { detectorName, opportunityEvidence } from "@/lib/opportunity-words";
import { useFormat } from "@/lib/session";
import { type Detail, oneQuery, type State } from "./api";
import { DecideMenu } from "./decide";

const TONE: Record<State, Tone> = {
  open: "accent",
  accepted: "good",
  snoozed: "neutral",
  dismissed: "neutral",
  won: "excellent",
  lost: "critical",
  expired: "neutral",
};

export function StateBadge({ state }: { state: State }) {
  const { t } = useTranslation();
  return <Badge tone={TONE[state]}>{t(`opportunity.state.${state}`)}</Badge>;
}

export function DetailSheet({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation("opportunities");
  return (
    <Sheet
      open={id !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={t("detail.title")}
    >
      {id && <Content id={id} />}
    </Sheet>
  );
}

function Content({ id }: { id: string }) {
  const { t } = useTranslation("opportunities");
  const { data, error, refetch } = useQuery(oneQuery(id));
  if (error && !data) {
    return <ErrorState title={t("detail.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading className="flex flex-col gap-3">
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-24 w-full" />
      </Loading>
    );
  }
  return <Body detail={data} />;
}

function Body({ detail }: { detail: Detail }) {
  const { t } = useTranslation("opportunities");
  const { t: words } = useTranslation();
  const format = useFormat();
  const loss = detail.list === "retention";
  const share = (value: number) => `× ${format.percent(value, { digits: 0 })}`;
  const { lossProbability: lost, savedProbability: saved } = detail;
  const probabilities: [string, string][] =
    lost != null && saved != null
      ? [
          [t("lossProbability"), share(lost)],
          [t("savedProbability"), share(saved)],
        ]
      : [[t(loss ? "keptProbability" : "col.probability"), share(detail.probability)]];
  const lines: [string, string][] = [
    [t(loss ? "stake" : "amount"), format.money(detail.amountCents)],
    ...probabilities,
  ];
  return (
    <div className="flex flex-col gap-5 text-body">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <TextLink to="/clients/$id" params={{ id: detail.clientId }} className="text-value">
            {detail.clientName}
          </TextLink>
          <p className="text-ink-2">{detectorName(detail.detector)}</p>
        </div>
        <StateBadge state={detail.state} />
      </div>
      <section>
        <h3 className="mb-1 font-semibold">{t("detail.evidence")}</h3>
        {detail.evidence.length === 0 ? (
          <p className="text-ink-2">{t("detail.noEvidence")}</p>
        ) : (
          <ul className="flex list-disc flex-col gap-1 pl-5">
            {detail.evidence.map((fact) => (
              <li key={fact.key}>{opportunityEvidence(format, fact)}</li>
            ))}
          </ul>
        )}
        <p className="mt-1 text-ink-3 text-meta">
          {t("since", { day: format.date(detail.since) })}
        </p>
      </section>
      <section>
        <h3 className="font-semibold">{t("detail.value")}</h3>
        <p className="text-ink-2">{t(loss ? "detail.formulaKept" : "detail.formula")}</p>
        {detail.amountCents == null ? (
          <p className="mt-1">{t("noAmount")}</p>
        ) : (
          <dl className="mt-2">
            {lines.map(([label, value]) => (
              <div key={label} className="flex justify-between gap-4 py-0.5">
                <dt className="text-ink-2">{label}</dt>
                <dd className="tnum font-semibold">{value}</dd>
              </div>
            ))}
            <div className="mt-2 flex justify-between gap-4 border-border border-t pt-2 font-semibold">
              <dt>{t(loss ? "expectedKept" : "expected")}</dt>
              <dd className="tnum">{format.money(detail.expectedCents)}</dd>
            </div>
          </dl>
        )}
        <p className="mt-2 text-ink-3 text-meta">
          {loss && `${t("detail.oddsLoss")} `}
          {t("detail.odds", { won: format.number(detail.won), lost: format.number(detail.lost) })}
        </p>
      </section>
      <section>
        <h3 className="mb-1 font-semibold">{t("detail.life")}</h3>
        <ol className="divide-y divide-border border-border border-y">
          {detail.steps.map((step) => (
            <li key={`${step.at}-${step.state}`} className="flex flex-col gap-0.5 py-2">
              <span className="flex items-center justify-between gap-3">
                <StateBadge state={step.state} />
                <span className="text-ink-2 text-meta">{format.dateTime(step.at)}</span>
              </span>
              <span className="text-ink-2 text-meta">
                {[
                  step.by ?? t("detail.byDetector"),
                  step.reason && words(`opportunity.reason.${step.reason}`),
                  step.amountCents != null &&
                    t("detail.wonAmount", { amount: format.money(step.amountCents) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
              {step.note && <span className="whitespace-pre-wrap break-words">{step.note}</span>}
            </li>
          ))}
        </ol>
      </section>
      <div className="flex justify-end">
        <DecideMenu item={detail} />
      </div>
    </div>
  );
}

/** Success criteria of a stage: what was asked, what was measured and when, or who ticked it. */
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { type Criterion, type Stage, tickCriterion } from "./api";
import { ProgressBar } from "./marks";
import { isCurrent, StageLine, StageList } from "./stage-list";
import { useTick } from "./use-tick";
import { evidenceText, useLabel } from "./words";

export function Criteria({ clientId, stage }: { clientId: string; stage: Stage }) {
  const { t } = useTranslation("journey");
  return (
    <StageList
      title={t("criteria.title")}
      none={t("criteria.none")}
      items={stage.criteria}
      isDone={(item) => item.met}
    >
      {(item) => <Row key={item.key} clientId={clientId} stage={stage} item={item} />}
    </StageList>
  );
}

function Row({ clientId, stage, item }: { clientId: string; stage: Stage; item: Criterion }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const label = write(item.label);
  const manual = item.kind === "manual";
  const action = (key: string) => {
    const found = stage.actions.find((one) => one.key === key);
    return found ? write(found.label) : key;
  };
  const ticks = manual && edit && isCurrent(stage);
  const { tick, busy } = useTick(
    (met) => tickCriterion(clientId, item.key, met),
    (met) => t(met ? "criteria.ticked" : "criteria.unticked", { what: label }),
  );
  return (
    <StageLine done={item.met} label={label} busy={busy} onTick={ticks ? tick : undefined}>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className={cn("break-words", !item.met && "font-medium")}>{label}</span>
        <span className="sr-only">{t(item.met ? "criteria.met" : "criteria.notMet")}</span>
        {!item.required && <Badge>{t("criteria.optional")}</Badge>}
      </p>
      {item.evidence.map((evidence, index) => (
        <p
          // biome-ignore lint/suspicious/noArrayIndexKey: comparisons keep their order
          key={index}
          className="tnum text-ink-2 text-meta"
        >
          {evidenceText(t, format, evidence, action)}
        </p>
      ))}
      {!manual && !item.met && item.fraction > 0 && item.fraction < 1 && (
        <ProgressBar pct={item.fraction * 100} className="mt-1 max-w-40" />
      )}
      <p className="text-ink-3 text-meta">{since(t, format, item)}</p>
    </StageLine>
  );
}

function since(
  t: (key: string, values?: Record<string, unknown>) => string,
  format: ReturnType<typeof useFormat>,
  item: Criterion,
): string {
  const day = format.date(item.metOn);
  const parts = [
    item.met && item.metOn
      ? item.metBy
        ? t("criteria.metBy", { day, who: item.metBy })
        : t("criteria.metOn", { day })
      : item.kind === "manual"
        ? t("criteria.byHand")
        : item.checkedOn && t("criteria.checked", { day: format.date(item.checkedOn) }),
    item.once && t("criteria.once"),
  ];
  return parts.filter(Boolean).join(" · ");
}

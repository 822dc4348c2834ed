/** Success criteria of a stage: what was asked, what was measured and when, or who ticked it. */
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import { useCan, useFormat } from "@/lib/session";
import { type Criterion, type Stage, tickCriterion, useChange } from "./api";
import { ProgressBar, StageGlyph } from "./marks";
import { evidenceText, useLabel } from "./words";

export function Criteria({ clientId, stage }: { clientId: string; stage: Stage }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const met = stage.criteria.filter((item) => item.met).length;
  return (
    <section aria-labelledby="stage-criteria" className="min-w-0">
      <h3 id="stage-criteria" className="font-semibold">
        {t("criteria.title")}{" "}
        <span className="tnum font-normal text-ink-3">
          {t("outOf", { n: format.number(met), all: format.number(stage.criteria.length) })}
        </span>
      </h3>
      {stage.criteria.length === 0 ? (
        <p className="mt-1 text-ink-2">{t("criteria.none")}</p>
      ) : (
        <ul className="mt-1 divide-y divide-border">
          {stage.criteria.map((item) => (
            <Row key={item.key} clientId={clientId} stage={stage} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Only the current stage is being worked on. */
export const isCurrent = (stage: Stage) => stage.status === "active" || stage.status === "at_risk";

function Row({ clientId, stage, item }: { clientId: string; stage: Stage; item: Criterion }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const change = useChange();
  const label = write(item.label);
  const manual = item.kind === "manual";
  const action = (key: string) => {
    const found = stage.actions.find((one) => one.key === key);
    return found ? write(found.label) : key;
  };
  const ticks = manual && edit && isCurrent(stage);
  function tick(met: boolean) {
    change.mutate(async () => {
      await tickCriterion(clientId, item.key, met);
      toast({
        message: t(met ? "criteria.ticked" : "criteria.unticked", { what: label }),
        undo: () => change.mutate(() => tickCriterion(clientId, item.key, !met)),
      });
    });
  }
  return (
    <li className="flex items-start gap-2 py-2">
      {ticks ? (
        <Checkbox
          className="mt-0.5"
          checked={item.met}
          disabled={change.isPending}
          hideLabel
          label={label}
          onChange={tick}
        />
      ) : (
        <StageGlyph status={item.met ? "completed" : "pending"} className="mt-0.5" />
      )}
      <div className="min-w-0 flex-1">
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
      </div>
    </li>
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

/** The stage that is open on the track: its time, its criteria, its key actions. */
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { useFormat } from "@/lib/session";
import type { Stage } from "./api";
import { Criteria } from "./criteria";
import { KeyActions } from "./key-actions";
import { StageBadge } from "./marks";
import { daysText, useLabel } from "./words";

export function StagePanel({ clientId, stage }: { clientId: string; stage: Stage }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const { real } = stage;
  const dates = [
    stage.enteredOn && t("stage.entered", { day: format.date(stage.enteredOn) }),
    stage.leftOn
      ? t("stage.left", { day: format.date(stage.leftOn) })
      : stage.expectedEnd && t("stage.expected", { day: format.date(stage.expectedEnd) }),
    !stage.leftOn &&
      stage.projectedEnd &&
      t("stage.projected", { day: format.date(stage.projectedEnd) }),
  ].filter(Boolean);
  const durations = [
    t("stage.planned", { days: daysText(t, format, stage.plannedDays) }),
    real.medianDays != null &&
      t("stage.median", {
        days: daysText(t, format, Math.round(real.medianDays)),
        count: real.sample,
        n: format.number(real.sample),
      }),
  ].filter(Boolean);
  return (
    <Card aria-labelledby="open-stage">
      <CardHeader
        id="open-stage"
        title={write(stage.label)}
        subtitle={write(stage.description)}
        actions={<StageBadge status={stage.status} />}
      />
      <CardBody>
        <p className="text-ink-2 text-meta">{durations.join(" · ")}</p>
        {dates.length > 0 && <p className="text-ink-2 text-meta">{dates.join(" · ")}</p>}
        {stage.reason && (
          <p className="mt-1 text-ink-2 text-meta">{t("stage.reason", { reason: stage.reason })}</p>
        )}
        <div className="mt-3 grid gap-x-8 gap-y-4 lg:grid-cols-2">
          <Criteria clientId={clientId} stage={stage} />
          <KeyActions clientId={clientId} stage={stage} />
        </div>
      </CardBody>
    </Card>
  );
}

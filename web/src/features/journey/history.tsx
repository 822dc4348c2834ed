/** Every passage through a stage, the latest first, with how long it really took. */
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { useFormat } from "@/lib/session";
import type { Journey, Passage, StageStatus } from "./api";
import { StageGlyph } from "./marks";
import { daysText, stageLabel, useLabel } from "./words";

const GLYPH: Record<string, StageStatus> = {
  completed: "completed",
  skipped: "skipped",
  moved: "pending",
};

export function History({ data }: { data: Journey }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  if (data.history.length === 0) return null;
  const days = (item: Passage) =>
    item.days == null
      ? undefined
      : t("history.days", {
          days: daysText(t, format, item.days),
          planned: format.number(item.plannedDays),
        });
  return (
    <Card aria-labelledby="journey-history">
      <CardHeader id="journey-history" title={t("history.title")} />
      <ol className="divide-y divide-border border-border border-t">
        {data.history.map((item) => (
          <li
            key={`${item.stage}-${item.enteredOn}-${item.leftOn}`}
            className="flex gap-3 px-4 py-2.5"
          >
            <StageGlyph
              status={item.outcome ? (GLYPH[item.outcome] ?? "pending") : "active"}
              className="mt-0.5"
            />
            <div className="min-w-0 flex-1">
              <p className="font-medium">{stageLabel(data.stages, item.stage, write)}</p>
              <p className="text-ink-2 text-meta">
                {[
                  item.leftOn
                    ? t("history.between", {
                        from: format.date(item.enteredOn),
                        to: format.date(item.leftOn),
                      })
                    : t("history.since", { from: format.date(item.enteredOn) }),
                  t(`history.outcome.${item.outcome ?? "current"}`),
                  item.inferred && t("inferred").toLowerCase(),
                  item.by,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              {item.reason && <p className="break-words text-ink-2">{item.reason}</p>}
            </div>
            <span className="tnum shrink-0 text-ink-2 text-meta">{days(item)}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

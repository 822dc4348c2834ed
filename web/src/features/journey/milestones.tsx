/** Milestones along time: done, due, to come; added, changed and completed in place. */
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { laterPart } from "@/components/ui/later";
import { Checkbox } from "@/components/ui/toggles";
import { useCan, useFormat } from "@/lib/session";
import { type Journey, type Milestone, patchMilestone } from "./api";
import { ImpactBadge, MilestoneBadge, MilestoneGlyph } from "./marks";
import { useTick } from "./use-tick";
import { daysText, stageLabel, useLabel } from "./words";

const MilestoneSheet = laterPart(async () => (await import("./milestone-sheet")).MilestoneSheet);

/** So many on the first part; all of them on their own. */
const FEW = 5;

export function Milestones({ data, all }: { data: Journey; all?: boolean }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const edit = useCan("edit");
  const [editing, setEditing] = useState<Milestone | "new">();
  const open = data.milestones.filter((item) => item.status !== "completed");
  const shown = all ? data.milestones : open.slice(0, FEW);
  const late = open.filter((item) => item.status === "overdue").length;
  return (
    <Card aria-labelledby="milestones">
      <CardHeader
        id="milestones"
        title={
          late > 0
            ? t("milestone.titleLate", { count: late, n: format.number(late) })
            : t("milestone.title", { count: open.length, n: format.number(open.length) })
        }
        subtitle={data.milestones.length === 0 ? t("milestone.none") : undefined}
        actions={
          edit && (
            <Button size="sm" {...MilestoneSheet.approach} onClick={() => setEditing("new")}>
              <Plus aria-hidden />
              {t("milestone.add")}
            </Button>
          )
        }
      />
      {shown.length > 0 && (
        <ol className="px-4 pb-3">
          {shown.map((item, index) => (
            <Row
              key={item.id}
              data={data}
              item={item}
              last={index === shown.length - 1}
              onEdit={() => setEditing(item)}
            />
          ))}
        </ol>
      )}
      <MilestoneSheet
        data={data}
        editing={editing}
        open={editing !== undefined}
        onOpenChange={(on) => !on && setEditing(undefined)}
      />
    </Card>
  );
}

function Row({
  data,
  item,
  last,
  onEdit,
}: {
  data: Journey;
  item: Milestone;
  last: boolean;
  onEdit: () => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const title = write(item.title);
  const done = item.status === "completed";
  const { tick: complete, busy } = useTick(
    (completed) => patchMilestone(data.clientId, item.id, { completed }),
    (completed) => t(completed ? "milestone.completed" : "milestone.reopened", { title }),
  );
  const late =
    item.daysLate > 0
      ? t(done ? "milestone.wasLate" : "milestone.isLate", {
          days: daysText(t, format, item.daysLate),
        })
      : !done && format.daysLeft(item.due);
  return (
    <li className="flex gap-3">
      <span className="flex w-7 shrink-0 flex-col items-center pt-2.5">
        <MilestoneGlyph status={item.status} />
        {!last && <span className="mt-1 w-0.5 flex-1 rounded-full bg-border" />}
      </span>
      <div className="min-w-0 flex-1 py-2">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="break-words font-medium">{title}</span>
          <MilestoneBadge status={item.status} />
          <ImpactBadge impact={item.impact} critical={item.critical} />
        </p>
        <p className="text-ink-2 text-meta">
          {[
            done
              ? t("milestone.doneOn", { day: format.date(item.completedOn) })
              : t("milestone.dueOn", { day: format.date(item.due) }),
            late,
            item.stage && stageLabel(data.stages, item.stage, write),
            item.byHand && t("milestone.byHand"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {edit && (
        <span className="flex shrink-0 items-start gap-1 pt-2">
          <Checkbox
            className="mt-1 pointer-coarse:mt-2.5"
            checked={done}
            disabled={busy}
            hideLabel
            label={t("milestone.complete", { title })}
            onChange={complete}
          />
          <IconButton
            size="sm"
            variant="ghost"
            label={t("milestone.edit", { title })}
            {...MilestoneSheet.approach}
            onClick={onEdit}
          >
            <Pencil aria-hidden />
          </IconButton>
        </span>
      )}
    </li>
  );
}

/** Adds, changes or takes away a milestone. */
import { Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog-panel";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { Checkbox } from "@/components/ui/toggles";
import { type Refusal, required, useForm } from "@/lib/form";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import {
  addMilestone,
  deleteMilestone,
  IMPACTS,
  type Impact,
  type Journey,
  type Milestone,
  patchMilestone,
  useChange,
  useRefresh,
} from "./api";
import { useLabel } from "./words";

export function MilestoneSheet({
  data,
  editing,
  open,
  onOpenChange,
}: {
  data: Journey;
  editing: Milestone | "new" | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("journey");
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t(editing === "new" ? "milestone.addTitle" : "milestone.editTitle")}
    >
      {editing && (
        <Fields
          data={data}
          milestone={editing === "new" ? undefined : editing}
          onDone={() => onOpenChange(false)}
        />
      )}
    </Sheet>
  );
}

/** The day on which a stage began; one that has not begins today at the earliest. */
function beginOf(data: Journey, key: string): string | undefined {
  const stage = data.stages.find((stage) => stage.key === key);
  if (!stage) return undefined;
  if (stage.status === "pending") return data.today;
  return stage.enteredOn ?? data.journey?.startedOn;
}

function Fields({
  data,
  milestone,
  onDone,
}: {
  data: Journey;
  milestone: Milestone | undefined;
  onDone: () => void;
}) {
  const { t } = useTranslation("journey");
  const write = useLabel();
  const format = useFormat();
  const locale = useLocale();
  const refresh = useRefresh();
  const change = useChange();
  const { clientId } = data;
  /** A milestone is not due before its stage begins; where it was before, it may stay. */
  function early(due: string, stage: string): Refusal | undefined {
    const begins = beginOf(data, stage);
    if (!begins || due >= begins || due === milestone?.due) return undefined;
    return {
      code: "journey_milestone_early",
      params: { way: "dated", min: format.date(begins) },
    };
  }
  const form = useForm({
    initial: {
      title: milestone ? write(milestone.title) : "",
      due: milestone?.due ?? "",
      impact: (milestone?.impact ?? "medium") as string,
      critical: milestone?.critical ?? false,
      stage: milestone?.stage ?? data.journey?.stage ?? "",
    },
    validate: (values) => ({
      title: required(values.title),
      due: required(values.due) ?? early(values.due, values.stage),
    }),
    onSubmit: async (values) => {
      const { title, due, critical } = values;
      const impact = values.impact as Impact;
      if (milestone) {
        // A title in two languages stays so unless it was changed.
        const same = title === write(milestone.title);
        await patchMilestone(clientId, milestone.id, {
          ...(same ? {} : { title: { [locale]: title.trim() } }),
          due,
          impact,
          critical,
        });
      } else {
        await addMilestone(clientId, {
          title: { [locale]: title.trim() },
          due,
          impact,
          critical,
          stage: values.stage || undefined,
        });
      }
      await refresh();
      toast({ message: t(milestone ? "milestone.saved" : "milestone.added", { title }) });
      onDone();
    },
  });
  function remove(of: Milestone) {
    onDone();
    const title = write(of.title);
    change.mutate(async () => {
      await deleteMilestone(clientId, of.id);
      toast({
        message: t("milestone.deleted", { title }),
        undo: () =>
          change.mutate(async () => {
            const again = await addMilestone(clientId, {
              title: of.title,
              due: of.due,
              impact: of.impact,
              critical: of.critical,
              stage: of.stage ?? undefined,
            });
            if (of.completedOn) await patchMilestone(clientId, again.id, { completed: true });
          }),
      });
    });
  }
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("milestone.form.title")} error={form.errorOf("title")} required>
        <Input maxLength={200} {...form.control("title")} />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("milestone.form.due")} error={form.errorOf("due")} required>
          <Input type="date" {...form.control("due")} />
        </Field>
        <Field label={t("milestone.form.impact")} error={form.errorOf("impact")}>
          <Select {...form.control("impact")}>
            {IMPACTS.map((impact) => (
              <option key={impact} value={impact}>
                {t(`milestone.impact.${impact}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {!milestone && data.stages.length > 0 && (
        <Field label={t("milestone.form.stage")} error={form.errorOf("stage")}>
          <Select {...form.control("stage")}>
            <option value="">{t("milestone.form.noStage")}</option>
            {data.stages.map((stage) => (
              <option key={stage.key} value={stage.key}>
                {write(stage.label)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Checkbox
        checked={form.values.critical}
        onChange={(critical) => form.set({ critical })}
        label={t("milestone.form.critical")}
        help={t("milestone.form.criticalHelp")}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex items-center justify-between gap-2">
        {milestone ? (
          <Button variant="danger" onClick={() => remove(milestone)}>
            <Trash2 aria-hidden />
            {t("milestone.form.delete")}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" variant="primary" busy={form.busy}>
          {t(milestone ? "milestone.form.save" : "milestone.form.add")}
        </Button>
      </div>
    </form>
  );
}

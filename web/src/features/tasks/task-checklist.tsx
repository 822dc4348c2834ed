/** The steps of a task: ticked, written, taken out. */
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import type { Task } from "./api";

export type Step = Task["checklist"][number];
const MAX_STEPS = 50;

export function Checklist({
  steps,
  onChange,
  disabled,
}: {
  steps: Step[];
  onChange: (steps: Step[]) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const set = (at: number, step: Partial<Step>) =>
    onChange(steps.map((old, index) => (index === at ? { ...old, ...step } : old)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 font-medium text-body">{t("form.checklist")}</legend>
      {steps.map((step, index) => {
        const n = format.number(index + 1);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
          <div key={index} className="flex items-center gap-2">
            <Checkbox
              hideLabel
              label={t("form.stepDone", { n })}
              checked={step.done ?? false}
              disabled={disabled}
              onChange={(done) => set(index, { done })}
            />
            <Input
              aria-label={t("form.step", { n })}
              maxLength={200}
              value={step.text}
              disabled={disabled}
              onChange={(event) => set(index, { text: event.target.value })}
            />
            {!disabled && (
              <IconButton
                size="sm"
                variant="ghost"
                label={t("form.removeStep", { n })}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              >
                <X aria-hidden />
              </IconButton>
            )}
          </div>
        );
      })}
      {!disabled && steps.length < MAX_STEPS && (
        <Button
          size="sm"
          className="self-start"
          onClick={() => onChange([...steps, { text: "", done: false }])}
        >
          <Plus aria-hidden />
          {t("form.addStep")}
        </Button>
      )}
    </fieldset>
  );
}

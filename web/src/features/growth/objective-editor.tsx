/** Sets or changes an objective. What the server knows better (the start value) it says on the field. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { type Refusal, required, useForm } from "@/lib/form";
import { addDays } from "@/lib/format";
import { useFormat } from "@/lib/session";
import { parseNumber } from "@/lib/typed";
import { METRICS, type Objective, type ObjectiveForm, type ObjectiveMetric } from "./api";
import { fromTyped, toTyped, unitOf } from "./values";

interface Values {
  name: string;
  metric: ObjectiveMetric;
  target: string;
  startDate: string;
  dueDate: string;
}

/** The last day of the quarter of a day; of the next one when few days are left. */
export function defaultDue(today: string): string {
  const year = Number(today.slice(0, 4));
  const quarter = Math.floor((Number(today.slice(5, 7)) - 1) / 3);
  const end = new Date(Date.UTC(year, quarter * 3 + 3, 0)).toISOString().slice(0, 10);
  return end >= addDays(today, 14)
    ? end
    : new Date(Date.UTC(year, quarter * 3 + 6, 0)).toISOString().slice(0, 10);
}

/** What lies within two bounds that a scale has. */
const BOUNDS = { score: [0, 100], nps: [-100, 100], ces: [1, 7] } as const;

/** The bounds of the server, in the unit that people type. */
export function checkTarget(metric: ObjectiveMetric, typed: number | null): Refusal | undefined {
  if (typed === null) return { code: "number_invalid" };
  const unit = unitOf(metric);
  if (unit === "ratio" || unit in BOUNDS) {
    const [min, max] =
      unit === "ratio" ? [0, metric === "nrr" ? 1000 : 100] : BOUNDS[unit as keyof typeof BOUNDS];
    return typed < min || typed > max ? { code: "field_range", params: { min, max } } : undefined;
  }
  return typed < 0 && metric !== "netNewMrr" ? { code: "growth_amount_negative" } : undefined;
}

function check(values: Values, today: string, fixed: boolean): Record<string, Refusal | undefined> {
  const date = (text: string) => (text === "" ? { code: "field_required" } : undefined);
  return {
    name: required(values.name),
    target: required(values.target) ?? checkTarget(values.metric, parseNumber(values.target)),
    startDate: date(values.startDate),
    dueDate:
      date(values.dueDate) ??
      (!fixed && values.dueDate < today
        ? { code: "growth_objective_past" }
        : values.dueDate <= values.startDate
          ? { code: "growth_objective_ends_before_start" }
          : undefined),
  };
}

export function ObjectiveEditor({
  objective,
  onDone,
  onCancel,
}: {
  objective: Objective | undefined;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation("growth");
  const { t: words } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const today = format.today();
  // A reached objective keeps what it aimed at: only its name changes.
  const fixed = objective?.reachedOn != null;
  const form = useForm<Values>({
    initial: {
      name: objective?.name ?? "",
      metric: objective?.metric ?? "mrr",
      target: objective ? toTyped(format, objective.unit, objective.target) : "",
      startDate: objective?.startDate ?? today,
      dueDate: objective?.dueDate ?? defaultDue(today),
    },
    validate: (values) => check(values, today, fixed),
    onSubmit: async (values) => {
      const typed = parseNumber(values.target) ?? 0;
      const unit = unitOf(values.metric);
      const untouched = objective && toTyped(format, objective.unit, objective.target);
      const body: ObjectiveForm = {
        name: values.name.trim(),
        metric: values.metric,
        target:
          objective && values.target === untouched && values.metric === objective.metric
            ? objective.target
            : fromTyped(unit, typed, format.minorUnits()),
        startDate: values.startDate,
        dueDate: values.dueDate,
      };
      if (objective) await api.put(`/growth/objectives/${objective.id}`, body);
      else await api.post("/growth/objectives", body);
      await client.invalidateQueries({ queryKey: ["growth"] });
      toast({ message: t(objective ? "objectives.saved" : "objectives.added") });
      onDone();
    },
  });
  const unit = unitOf(form.values.metric);
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("objectives.field.name")} error={form.errorOf("name")} required>
        <Input {...form.control("name")} maxLength={120} autoComplete="off" />
      </Field>
      <fieldset disabled={fixed} className="flex flex-col gap-4">
        <Field
          label={t("objectives.field.metric")}
          help={t(`objectives.note.${form.values.metric}`)}
          error={form.errorOf("metric")}
        >
          <Select {...form.control("metric")}>
            {METRICS.map((metric) => (
              <option key={metric} value={metric}>
                {t(`objectives.metric.${metric}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={t("objectives.field.target", {
            unit:
              unit === "cents"
                ? format.currencySymbol()
                : unit === "ratio"
                  ? "%"
                  : t(`objectives.unit.${unit}`),
          })}
          error={form.errorOf("target")}
          required
        >
          <Input {...form.control("target")} inputMode="decimal" autoComplete="off" />
        </Field>
        <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
          <Field
            label={t("objectives.field.start")}
            help={t("objectives.field.startHelp")}
            error={form.errorOf("startDate")}
            required
          >
            <Input {...form.control("startDate")} type="date" />
          </Field>
          <Field label={t("objectives.field.due")} error={form.errorOf("dueDate")} required>
            <Input {...form.control("dueDate")} type="date" min={fixed ? undefined : today} />
          </Field>
        </div>
      </fieldset>
      {fixed && <p className="text-ink-2">{t("objectives.fixed")}</p>}
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{words("actions.cancel")}</Button>
        <Button type="submit" variant="primary" busy={form.busy} disabled={!form.changed}>
          {t(objective ? "objectives.save" : "objectives.set")}
        </Button>
      </div>
    </form>
  );
}

/** One stage of a template: its plan beside what it really takes, and what it is made of. */
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { CriticalGlyph } from "@/components/ui/health";
import { Input } from "@/components/ui/input";
import { useFormat } from "@/lib/session";
import type { TemplateDetail } from "./api-templates";
import type { StageDraft } from "./template-draft";
import { ActionsEditor, CriteriaEditor, MilestonesEditor } from "./template-items";
import { type EditorPart, LabelFields } from "./template-parts";
import { useLabel } from "./words";

export function StageEditor({
  stage,
  at,
  count,
  duration,
  refused,
  onChange,
  onMove,
  onRemove,
  errorOf,
  disabled,
}: EditorPart & {
  stage: StageDraft;
  at: number;
  count: number;
  /** What the stage really takes; none for a new one. */
  duration: TemplateDetail["durations"][number] | undefined;
  /** Something in it is refused: it stays open. */
  refused: boolean;
  onChange: (patch: Partial<StageDraft>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const path = `template.stages[${at}]`;
  const blank = stage.label.fr === "" && stage.label.en === "";
  const [open, setOpen] = useState(false);
  const shown = open || blank || refused;
  const title = write(stage.label) || stage.label.fr || stage.label.en || t("template.stageNew");
  const Chevron = shown ? ChevronDown : ChevronRight;
  return (
    <Card aria-label={title}>
      <div className="flex flex-wrap items-center gap-2 px-4 py-2.5">
        <h3 className="min-w-0 flex-1 font-semibold text-card">
          <button
            type="button"
            aria-expanded={shown}
            onClick={() => setOpen(!shown)}
            className="flex min-h-8 w-full items-center gap-2 rounded-control text-left pointer-coarse:min-h-11"
          >
            <Chevron className="size-4 shrink-0 text-ink-3" aria-hidden />
            {refused && <CriticalGlyph className="size-4" />}
            <span className="tnum text-ink-3">{format.number(at + 1)}</span>
            <span className="min-w-0 truncate">{title}</span>
            <span className="font-normal text-body text-ink-2">
              {t("stage.short", { n: stage.plannedDays })}
            </span>
          </button>
        </h3>
        {!disabled && (
          <span className="flex">
            <IconButton
              size="sm"
              variant="ghost"
              disabled={at === 0}
              label={t("template.up", { stage: title })}
              onClick={() => onMove(-1)}
            >
              <ArrowUp aria-hidden />
            </IconButton>
            <IconButton
              size="sm"
              variant="ghost"
              disabled={at === count - 1}
              label={t("template.down", { stage: title })}
              onClick={() => onMove(1)}
            >
              <ArrowDown aria-hidden />
            </IconButton>
            <IconButton
              size="sm"
              variant="ghost"
              label={t("template.remove", { what: title })}
              onClick={onRemove}
            >
              <Trash2 aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {shown && (
        <fieldset
          disabled={disabled}
          className="flex flex-col gap-5 border-border border-t px-4 py-4"
        >
          <legend className="sr-only">{title}</legend>
          <LabelFields
            label={t("template.name")}
            value={stage.label}
            onChange={(label) => onChange({ label })}
            error={errorOf(`${path}.label`) ?? errorOf(`${path}.key`)}
          />
          <LabelFields
            label={t("template.description")}
            value={stage.description}
            onChange={(description) => onChange({ description })}
            error={errorOf(`${path}.description`)}
            long
            optional
          />
          <div>
            <Field label={t("template.plannedDays")} error={errorOf(`${path}.plannedDays`)}>
              <Input
                inputMode="numeric"
                className="w-24"
                value={stage.plannedDays}
                onChange={(event) => onChange({ plannedDays: event.target.value })}
              />
            </Field>
            <Real
              duration={duration}
              planned={stage.plannedDays}
              disabled={disabled}
              onAdopt={(plannedDays) => onChange({ plannedDays })}
            />
          </div>
          <CriteriaEditor
            path={`${path}.criteria`}
            items={stage.criteria}
            onChange={(criteria) => onChange({ criteria })}
            errorOf={errorOf}
            disabled={disabled}
          />
          <ActionsEditor
            path={`${path}.actions`}
            items={stage.actions}
            onChange={(actions) => onChange({ actions })}
            errorOf={errorOf}
            disabled={disabled}
          />
          <MilestonesEditor
            path={`${path}.milestones`}
            items={stage.milestones}
            plannedDays={stage.plannedDays}
            onChange={(milestones) => onChange({ milestones })}
            errorOf={errorOf}
            disabled={disabled}
          />
          {(["criteria", "actions", "milestones"] as const).map((list) => {
            const error = errorOf(`${path}.${list}`);
            return error && <FieldError key={list}>{error}</FieldError>;
          })}
        </fieldset>
      )}
    </Card>
  );
}

/** "Planned 30, real 41", with the offer to adopt it. */
function Real({
  duration,
  planned,
  disabled,
  onAdopt,
}: {
  duration: TemplateDetail["durations"][number] | undefined;
  planned: string;
  disabled: boolean;
  onAdopt: (days: string) => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  if (!duration || duration.sample === 0 || duration.medianDays == null) {
    return <p className="mt-1.5 text-ink-3 text-meta">{t("template.noReal")}</p>;
  }
  const real = String(Math.max(1, Math.round(duration.medianDays)));
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-2 text-meta">
      <span>
        {t("template.real", {
          median: format.number(Math.round(duration.medianDays)),
          p80: format.number(duration.p80Days == null ? null : Math.round(duration.p80Days)),
          count: duration.sample,
          n: format.number(duration.sample),
        })}
        {duration.inferred > 0 &&
          ` ${t("template.realInferred", {
            count: duration.inferred,
            n: format.number(duration.inferred),
          })}`}
      </span>
      {!disabled && real !== planned && (
        <Button size="sm" onClick={() => onAdopt(real)}>
          {t("template.adopt", { count: Number(real), n: real })}
        </Button>
      )}
    </p>
  );
}

/** The editor of a template: saving makes its next version; running journeys keep theirs. */
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { type Form, useForm } from "@/lib/form";
import { errorCodeText } from "@/lib/i18n";
import { useCan, useFormat } from "@/lib/session";
import { useRefresh } from "./api";
import { facetsQuery } from "./api-portfolio";
import { createTemplate, saveTemplate, type Template, type TemplateDetail } from "./api-templates";
import {
  changed,
  checkTemplate,
  draftOf,
  moved,
  newStage,
  type StageDraft,
  type TemplateDraft,
  templateOf,
  without,
} from "./template-draft";
import { type EditorPart, LabelFields } from "./template-parts";
import { StageEditor } from "./template-stage";

interface Values {
  template: TemplateDraft;
}

export function TemplateEditor({
  id,
  start,
  durations,
  builtIn,
  onSaved,
}: {
  /** None for a template that does not exist yet. */
  id: string | undefined;
  start: Template;
  durations: TemplateDetail["durations"];
  /** The built-in one is for everybody. */
  builtIn: boolean;
  onSaved: (saved: TemplateDetail) => void;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const manage = useCan("manage");
  const refresh = useRefresh();
  const [first] = useState<Values>(() => ({ template: draftOf(start) }));
  const [tried, setTried] = useState(false);
  const form = useForm<Values>({
    initial: first,
    validate: ({ template }) => checkTemplate(template),
    about: { journey_segment_taken: "template.segment" },
    onSubmit: async ({ template }) => {
      const body = templateOf(template);
      const saved = id ? await saveTemplate(id, body) : await createTemplate(body);
      await refresh();
      toast({ message: t("template.saved", { n: format.number(saved.version) }) });
      onSaved(saved);
    },
  });
  const draft = form.values.template;
  const set = (patch: Partial<TemplateDraft>) => form.set({ template: { ...draft, ...patch } });
  // Once it was refused, what is wrong is said until it is mended.
  const found = tried ? checkTemplate(draft) : {};
  const errorOf = (field: string) => {
    const local = found[field];
    return form.errorOf(field) ?? (local && errorCodeText(local.code, local.params));
  };
  const part: EditorPart = { errorOf, disabled: !manage };
  const setStage = (at: number, patch: Partial<StageDraft>) =>
    set({ stages: changed(draft.stages, at, patch) });
  const none = errorOf("template.stages");
  return (
    <form
      {...form.props}
      className="flex flex-col gap-4 max-md:gap-3"
      aria-label={t("template.form")}
      onSubmitCapture={() => setTried(true)}
    >
      <General part={part} draft={draft} set={set} builtIn={builtIn} />
      <h2 className="font-semibold text-card">{t("template.stages")}</h2>
      {draft.stages.map((stage, at) => (
        <StageEditor
          key={stage.id}
          {...part}
          stage={stage}
          at={at}
          count={draft.stages.length}
          duration={durations.find((item) => item.stage === stage.key)}
          refused={refusedIn(form, found, `template.stages[${at}].`, errorOf)}
          onChange={(patch) => setStage(at, patch)}
          onMove={(by) => set({ stages: moved(draft.stages, at, by) })}
          onRemove={() => set({ stages: without(draft.stages, at) })}
        />
      ))}
      {none && <FieldError>{none}</FieldError>}
      {manage && (
        <Button
          className="self-start"
          onClick={() => set({ stages: [...draft.stages, newStage()] })}
        >
          <Plus aria-hidden />
          {t("template.addStage")}
        </Button>
      )}
      {manage && (form.changed || !id) && (
        <SaveBar form={form} isNew={!id} onDrop={() => form.reset(first)} />
      )}
    </form>
  );
}

/** Whether a refusal, found here or told by the server, lies under a path. */
function refusedIn(
  form: Form<Values>,
  found: Record<string, unknown>,
  path: string,
  errorOf: (field: string) => string | undefined,
): boolean {
  const local = Object.entries(found).some(([field, refusal]) => refusal && field.startsWith(path));
  return local || form.refusedFields.some((field) => field.startsWith(path) && errorOf(field));
}

function General({
  part,
  draft,
  set,
  builtIn,
}: {
  part: EditorPart;
  draft: TemplateDraft;
  set: (patch: Partial<TemplateDraft>) => void;
  builtIn: boolean;
}) {
  const { t } = useTranslation("journey");
  const { data: facets } = useQuery(facetsQuery);
  const segments = (facets?.segments ?? []).map((item) => item.value);
  if (draft.segment && !segments.includes(draft.segment)) segments.push(draft.segment);
  const { errorOf, disabled } = part;
  const weights = errorOf("template.weights");
  return (
    <Card aria-labelledby="template-general">
      <CardHeader id="template-general" title={t("template.general")} />
      <CardBody>
        <fieldset disabled={disabled} className="flex flex-col gap-4">
          <LabelFields
            label={t("template.name")}
            value={draft.name}
            onChange={(name) => set({ name })}
            error={errorOf("template.name")}
          />
          <div className="grid items-start gap-4 md:grid-cols-2">
            <Field
              label={t("template.segment")}
              help={t(builtIn ? "template.segmentAll" : "template.segmentHelp")}
              error={errorOf("template.segment")}
            >
              <Select
                value={draft.segment}
                disabled={disabled || builtIn}
                onChange={(event) => set({ segment: event.target.value })}
              >
                <option value="">{t("template.everybody")}</option>
                {segments.map((segment) => (
                  <option key={segment} value={segment}>
                    {segment}
                  </option>
                ))}
              </Select>
            </Field>
            <Field
              label={t("template.advance")}
              help={t(`template.advanceHelp.${draft.advance}`)}
              error={errorOf("template.advance")}
            >
              <Select
                value={draft.advance}
                onChange={(event) =>
                  set({ advance: event.target.value === "ask" ? "ask" : "auto" })
                }
              >
                <option value="auto">{t("template.auto")}</option>
                <option value="ask">{t("template.ask")}</option>
              </Select>
            </Field>
            <Field
              label={t("template.stalled")}
              help={t("template.stalledHelp")}
              error={errorOf("template.stalledAfterDays")}
            >
              <Input
                inputMode="numeric"
                className="w-24"
                value={draft.stalledAfterDays}
                onChange={(event) => set({ stalledAfterDays: event.target.value })}
              />
            </Field>
            <fieldset>
              <legend className="mb-1.5 font-medium">{t("template.weights")}</legend>
              <div className="flex flex-wrap gap-3">
                {(["criteria", "actions"] as const).map((name) => (
                  <Field key={name} label={t(`template.weightOf.${name}`)}>
                    <Input
                      inputMode="numeric"
                      className="w-24"
                      value={draft.weights[name]}
                      aria-invalid={weights ? true : undefined}
                      onChange={(event) =>
                        set({ weights: { ...draft.weights, [name]: event.target.value } })
                      }
                    />
                  </Field>
                ))}
              </div>
              {weights ? (
                <FieldError>{weights}</FieldError>
              ) : (
                <p className="mt-1.5 text-ink-3 text-meta">{t("template.weightsHelp")}</p>
              )}
            </fieldset>
          </div>
        </fieldset>
      </CardBody>
    </Card>
  );
}

/** Stays in sight while there is something to save. */
function SaveBar({
  form,
  isNew,
  onDrop,
}: {
  form: Form<Values>;
  isNew: boolean;
  onDrop: () => void;
}) {
  const { t } = useTranslation("journey");
  return (
    <div
      role="region"
      aria-label={t("template.save")}
      data-bar="bottom"
      className="sticky bottom-[calc(var(--bottombar)+12px)] z-20 flex flex-wrap items-center justify-end gap-2 rounded-card border border-border-strong bg-popover p-3 shadow-float"
    >
      <span className="min-w-0 flex-1 basis-60 text-ink-2">
        {form.error ? (
          <FieldError>{form.error}</FieldError>
        ) : form.refusedFields.length > 0 ? (
          <FieldError>{t("template.wrong")}</FieldError>
        ) : (
          t(isNew ? "template.saveNewText" : "template.saveText")
        )}
      </span>
      {!isNew && (
        <Button variant="ghost" onClick={onDrop}>
          {t("template.drop")}
        </Button>
      )}
      <Button type="submit" variant="primary" busy={form.busy}>
        {t(isNew ? "template.create" : "template.save")}
      </Button>
    </div>
  );
}

/** Risks and opportunities of the stage: what detectors found, and what people added. */
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Select, Textarea } from "@/components/ui/input";
import { TextLink } from "@/components/ui/misc";
import { RiskLine } from "@/components/ui/risk-line";
import { toast, toastError } from "@/components/ui/toast";
import { required, useForm } from "@/lib/form";
import { detectorName } from "@/lib/opportunity-words";
import { useCan, useFormat } from "@/lib/session";
import { addNote, deleteNote, type Journey, type Note, useRefresh } from "./api";
import { stageLabel, useLabel } from "./words";

export interface FactorsProps {
  data: Journey;
  /** The key of the stage that is open on the track. */
  stage: string | undefined;
}

export function Factors(props: FactorsProps) {
  return (
    <div className="grid gap-4 max-md:gap-3 lg:grid-cols-2">
      <Risks {...props} />
      <Opportunities {...props} />
    </div>
  );
}

export function Risks({ data, stage }: FactorsProps) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const notes = data.notes.filter((note) => note.kind === "risk");
  const count = data.risks.length + notes.length;
  return (
    <Part
      data={data}
      stage={stage}
      kind="risk"
      notes={notes}
      title={
        count === 0 ? t("factors.noRisk") : t("factors.risks", { count, n: format.number(count) })
      }
      text={t("factors.riskText")}
    >
      {data.risks.map((risk) => (
        <RiskLine
          key={risk.key}
          risk={risk}
          since={risk.since && t("alert.since", { day: format.date(risk.since) })}
        />
      ))}
    </Part>
  );
}

export function Opportunities({ data, stage }: FactorsProps) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const format = useFormat();
  const notes = data.notes.filter((note) => note.kind === "opportunity");
  const count = data.opportunities.length + notes.length;
  return (
    <Part
      data={data}
      stage={stage}
      kind="opportunity"
      notes={notes}
      title={
        count === 0
          ? t("factors.noOpportunity")
          : t("factors.opportunities", { count, n: format.number(count) })
      }
      text={t("factors.opportunityText")}
    >
      {data.opportunities.map((item) => (
        <li key={item.id} className="flex items-start justify-between gap-3 px-4 py-2.5">
          <div className="min-w-0">
            <TextLink
              to="/clients/$id"
              params={{ id: data.clientId }}
              search={{ tab: "opportunities" }}
            >
              {detectorName(item.detector)}
            </TextLink>
            <p className="text-ink-2 text-meta">{words(`opportunity.state.${item.state}`)}</p>
          </div>
          <span className="tnum shrink-0 text-right font-semibold">
            {format.money(item.amountCents == null ? null : item.expectedCents)}
            {item.amountCents != null && (
              <span className="block font-normal text-ink-2 text-meta">
                {t("factors.on", { amount: format.money(item.amountCents) })}
              </span>
            )}
          </span>
        </li>
      ))}
    </Part>
  );
}

function Part({
  data,
  stage,
  kind,
  notes,
  title,
  text,
  children,
}: FactorsProps & {
  kind: Note["kind"];
  notes: Note[];
  title: string;
  text: string;
  children: ReactNode[];
}) {
  const { t } = useTranslation("journey");
  const edit = useCan("edit");
  const [adding, setAdding] = useState(false);
  // What is about another stage stands apart; what is about none belongs to each.
  const here = notes.filter((note) => !note.stage || note.stage === stage);
  const elsewhere = notes.filter((note) => !here.includes(note));
  return (
    <Card aria-labelledby={`factors-${kind}`}>
      <CardHeader
        id={`factors-${kind}`}
        title={title}
        subtitle={text}
        actions={
          edit &&
          !adding && (
            <Button size="sm" onClick={() => setAdding(true)}>
              {t(`factors.add.${kind}`)}
            </Button>
          )
        }
      />
      {adding && <NewNote data={data} stage={stage} kind={kind} onDone={() => setAdding(false)} />}
      {children.length + notes.length > 0 && (
        <ul className="divide-y divide-border border-border border-t">
          {children}
          {here.map((note) => (
            <NoteRow key={note.id} data={data} note={note} />
          ))}
          {elsewhere.length > 0 && (
            <li>
              <h3 className="px-4 pt-2.5 font-medium text-ink-2 text-meta">
                {t("factors.elsewhere")}
              </h3>
              <ul className="divide-y divide-border">
                {elsewhere.map((note) => (
                  <NoteRow key={note.id} data={data} note={note} />
                ))}
              </ul>
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function NewNote({
  data,
  stage,
  kind,
  onDone,
}: FactorsProps & {
  kind: Note["kind"];
  onDone: () => void;
}) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  const write = useLabel();
  const refresh = useRefresh();
  const form = useForm({
    initial: { text: "", stage: stage ?? "" },
    validate: (values) => ({ text: required(values.text) }),
    onSubmit: async (values) => {
      await addNote(data.clientId, {
        kind,
        text: values.text.trim(),
        stage: values.stage || undefined,
      });
      await refresh();
      onDone();
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-3 px-4 pb-4">
      <Field label={t(`factors.label.${kind}`)} error={form.errorOf("text")} required>
        <Textarea rows={2} maxLength={1000} autoFocus {...form.control("text")} />
      </Field>
      <Field label={t("factors.stage")} error={form.errorOf("stage")}>
        <Select {...form.control("stage")}>
          <option value="">{t("factors.allStages")}</option>
          {data.stages.map(({ key, label }) => (
            <option key={key} value={key}>
              {write(label)}
            </option>
          ))}
        </Select>
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex gap-2">
        <Button type="submit" variant="primary" busy={form.busy}>
          {t(`factors.add.${kind}`)}
        </Button>
        <Button variant="ghost" onClick={onDone}>
          {words("actions.cancel")}
        </Button>
      </div>
    </form>
  );
}

function NoteRow({ data, note }: { data: Journey; note: Note }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const write = useLabel();
  const edit = useCan("edit");
  const refresh = useRefresh();
  const [leaving, setLeaving] = useState(false);
  // It goes once it can no longer be taken back: given again, it would carry another name and day.
  function remove() {
    setLeaving(true);
    toast({
      message: t("factors.removed"),
      undo: () => setLeaving(false),
      onGone: () => {
        deleteNote(data.clientId, note.id).then(refresh, (error: unknown) => {
          setLeaving(false);
          toastError(error);
        });
      },
    });
  }
  if (leaving) return <li className="px-4 py-2.5 text-ink-3">{t("factors.removed")}</li>;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="whitespace-pre-wrap break-words font-medium">{note.text}</p>
        <p className="text-ink-2 text-meta">
          {[
            note.by,
            format.date(format.dayOf(note.at)),
            note.stage && stageLabel(data.stages, note.stage, write),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {edit && (
        <IconButton
          size="sm"
          variant="ghost"
          label={t("factors.remove", { text: note.text })}
          onClick={remove}
        >
          <Trash2 aria-hidden />
        </IconButton>
      )}
    </li>
  );
}

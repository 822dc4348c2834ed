/** Criteria, key actions and milestones of a stage: a line each, opened to be changed. */
import { ChevronDown, ChevronRight, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { CriticalGlyph } from "@/components/ui/health";
import { Input, Select } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Checkbox } from "@/components/ui/toggles";
import { IMPACTS, type Impact, type Label, ROLES } from "./api";
import type { Priority } from "./api-templates";
import {
  type ActionDraft,
  type CriterionDraft,
  changed,
  type MilestoneDraft,
  newAction,
  newCriterion,
  newMilestone,
  without,
} from "./template-draft";
import { type EditorPart, LabelFields, useExpressionField } from "./template-parts";
import { useLabel } from "./words";

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

interface ListProps<T> extends EditorPart {
  /** "template.stages[1].criteria" */
  path: string;
  items: readonly T[];
  onChange: (items: T[]) => void;
}

/** What a refusal may name in an item of each kind; it then stays open. */
const FIELDS = {
  criterion: ["label", "expression", "weight", "key"],
  action: ["label", "dueDays", "key", "owner", "priority"],
  milestone: ["title", "day", "key", "impact"],
};

export function CriteriaEditor(list: ListProps<CriterionDraft>) {
  const { t } = useTranslation("journey");
  const Expression = useExpressionField();
  const { disabled } = list;
  return (
    <Items
      {...list}
      kind="criterion"
      blank={newCriterion}
      named="label"
      said={(item) => (
        <>
          <Badge>{t(item.measured ? "template.measured" : "template.manual")}</Badge>
          {!item.required && <Badge>{t("criteria.optional")}</Badge>}
          {item.once && <Badge>{t("criteria.once")}</Badge>}
        </>
      )}
    >
      {(item, set, error) => (
        <>
          <Segmented
            label={t("template.kind")}
            value={item.measured ? "measured" : "manual"}
            onChange={(kind) => set({ measured: kind === "measured" })}
            options={[
              { value: "manual", label: t("template.manual") },
              { value: "measured", label: t("template.measured") },
            ]}
            className="self-start"
          />
          {item.measured && Expression && (
            <Expression
              label={t("template.expression")}
              text={item.expression ?? ""}
              onChange={(expression) => set({ expression })}
              error={error("expression")}
              disabled={disabled}
            />
          )}
          <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
            <Field label={t("template.weight")} error={error("weight")}>
              <Input
                inputMode="numeric"
                className="w-20"
                value={item.weight}
                onChange={(event) => set({ weight: event.target.value })}
              />
            </Field>
            <div className="flex flex-col gap-2 pt-1">
              <Checkbox
                checked={item.required}
                onChange={(required) => set({ required })}
                disabled={disabled}
                label={t("template.required")}
                help={t("template.requiredHelp")}
              />
              {item.measured && (
                <Checkbox
                  checked={item.once}
                  onChange={(once) => set({ once })}
                  disabled={disabled}
                  label={t("template.once")}
                  help={t("template.onceHelp")}
                />
              )}
            </div>
          </div>
        </>
      )}
    </Items>
  );
}

export function ActionsEditor(list: ListProps<ActionDraft>) {
  const { t } = useTranslation("journey");
  const { disabled } = list;
  return (
    <Items
      {...list}
      kind="action"
      blank={newAction}
      named="label"
      said={(item) => (
        <>
          <Badge>{t(`role.${item.owner}`)}</Badge>
          <span className="text-ink-2 text-meta">
            {t(item.business ? "template.dueBusiness" : "template.due", { n: item.dueDays })}
          </span>
        </>
      )}
    >
      {(item, set, error) => (
        <>
          <div className="grid grid-cols-2 items-start gap-3 md:grid-cols-3">
            <Field label={t("template.owner")} error={error("owner")}>
              <Select
                value={item.owner}
                onChange={(event) =>
                  set({ owner: ROLES.find((role) => role === event.target.value) ?? item.owner })
                }
              >
                {ROLES.map((role) => (
                  <option key={role} value={role}>
                    {t(`role.${role}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("template.dueDays")} error={error("dueDays")}>
              <Input
                inputMode="numeric"
                value={item.dueDays}
                onChange={(event) => set({ dueDays: event.target.value })}
              />
            </Field>
            <Field label={t("template.priority")} error={error("priority")}>
              <Select
                value={item.priority}
                onChange={(event) => set({ priority: event.target.value as Priority })}
              >
                {PRIORITIES.map((priority) => (
                  <option key={priority} value={priority}>
                    {t(`priority.${priority}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
          <Checkbox
            checked={item.business}
            onChange={(business) => set({ business })}
            disabled={disabled}
            label={t("template.business")}
            help={t("template.businessHelp")}
          />
        </>
      )}
    </Items>
  );
}

export function MilestonesEditor({
  plannedDays,
  ...list
}: ListProps<MilestoneDraft> & { plannedDays: string }) {
  const { t } = useTranslation("journey");
  const { disabled } = list;
  return (
    <Items
      {...list}
      kind="milestone"
      blank={() => newMilestone(plannedDays)}
      named="title"
      said={(item) => (
        <>
          <span className="text-ink-2 text-meta">{t("template.day", { n: item.day })}</span>
          {item.critical && <Badge tone="critical">{t("milestone.critical")}</Badge>}
        </>
      )}
    >
      {(item, set, error) => (
        <>
          <div className="grid grid-cols-2 items-start gap-3">
            <Field label={t("template.dayLabel")} error={error("day")}>
              <Input
                inputMode="numeric"
                value={item.day}
                onChange={(event) => set({ day: event.target.value })}
              />
            </Field>
            <Field label={t("milestone.form.impact")} error={error("impact")}>
              <Select
                value={item.impact}
                onChange={(event) => set({ impact: event.target.value as Impact })}
              >
                {IMPACTS.map((impact) => (
                  <option key={impact} value={impact}>
                    {t(`milestone.impact.${impact}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
          <Checkbox
            checked={item.critical}
            onChange={(critical) => set({ critical })}
            disabled={disabled}
            label={t("milestone.form.critical")}
            help={t("milestone.form.criticalHelp")}
          />
        </>
      )}
    </Items>
  );
}

/** A list of items, each a line that opens on its names and what else its kind is made of. */
function Items<Named extends "label" | "title", T extends { id: number } & Record<Named, Label>>({
  kind,
  path,
  items,
  blank,
  named,
  onChange,
  errorOf,
  disabled,
  said,
  children,
}: ListProps<T> & {
  kind: keyof typeof FIELDS;
  /** A new item. */
  blank: () => T;
  /** The field that holds its name. */
  named: Named;
  said: (item: T) => ReactNode;
  children: (
    item: T,
    set: (patch: Partial<T>) => void,
    error: (name: string) => string | undefined,
  ) => ReactNode;
}) {
  const { t } = useTranslation("journey");
  const write = useLabel();
  const id = useId();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  function turn(item: number, on: boolean) {
    const next = new Set(open);
    if (on) next.add(item);
    else next.delete(item);
    setOpen(next);
  }
  return (
    <section aria-labelledby={id}>
      <h4 id={id} className="font-semibold">
        {t(`template.${kind}.title`)}
      </h4>
      {items.length === 0 && <p className="mt-1 text-ink-2">{t(`template.${kind}.none`)}</p>}
      <ul className="mt-1 divide-y divide-border">
        {items.map((item, at) => {
          const label = item[named];
          const set = (patch: Partial<T>) => onChange(changed(items, at, patch));
          const error = (name: string) => errorOf(`${path}[${at}].${name}`);
          // What has no name yet was just added.
          const unnamed = label.fr === "" && label.en === "";
          const refused = FIELDS[kind].some(error);
          const shown = open.has(item.id) || unnamed || refused;
          const title = write(label) || label.fr || label.en || t(`template.${kind}.new`);
          const Chevron = shown ? ChevronDown : ChevronRight;
          return (
            <li key={item.id} className="py-1.5">
              <div className="flex items-start gap-1">
                <button
                  type="button"
                  aria-expanded={shown}
                  onClick={() => turn(item.id, !shown)}
                  className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-1 rounded-control text-left pointer-coarse:min-h-11"
                >
                  <Chevron className="size-4 shrink-0 text-ink-3" aria-hidden />
                  {refused && <CriticalGlyph className="size-4" />}
                  <span className="min-w-0 break-words font-medium">{title}</span>
                  {said(item)}
                </button>
                {!disabled && (
                  <IconButton
                    size="sm"
                    variant="ghost"
                    label={t("template.remove", { what: title })}
                    onClick={() => onChange(without(items, at))}
                  >
                    <Trash2 aria-hidden />
                  </IconButton>
                )}
              </div>
              {shown && (
                <div className="mt-2 mb-2 flex flex-col gap-3 border-accent border-l-2 pl-3">
                  <LabelFields
                    label={t("template.name")}
                    value={label}
                    onChange={(value) => set({ [named]: value } as Partial<T>)}
                    error={error(named) ?? error("key")}
                  />
                  {children(item, set, error)}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {!disabled && (
        <Button
          variant="ghost"
          size="sm"
          className="mt-1"
          onClick={() => onChange([...items, blank()])}
        >
          <Plus aria-hidden />
          {t(`template.${kind}.add`)}
        </Button>
      )}
    </section>
  );
}

/** What an action on many clients has to be told. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { PrioritySelect } from "@/components/ui/priority-select";
import { Checkbox } from "@/components/ui/toggles";
import type { Fact } from "./api";
import { membersQuery } from "./api";
import type { BulkKind } from "./api-bulk";
import { type Draft, settable } from "./bulk-draft";
import { HeldField } from "./held-field";
import { Suggested } from "./value-field";
import { factLabel } from "./words";

export interface BulkFormProps {
  kind: BulkKind;
  draft: Draft;
  facts: readonly Fact[];
  onChange: (patch: Partial<Draft>) => void;
}

export function BulkForm({ kind, draft, facts, onChange }: BulkFormProps) {
  const { t } = useTranslation("advanced");
  switch (kind) {
    case "assign":
      return (
        <OwnerField
          label={t("bulk.owner")}
          none={t("bulk.nobody")}
          facts={facts}
          value={draft.owner}
          onChange={(owner) => onChange({ owner })}
        />
      );
    case "tag":
    case "untag":
      return (
        <Field label={t("bulk.tag")}>
          <Suggested
            fact={{ choices: facts.find(({ key }) => key === "tags")?.choices }}
            label={t("bulk.tag")}
            value={draft.tag}
            onChange={(tag) => onChange({ tag })}
          />
        </Field>
      );
    case "set":
      return <SetForm draft={draft} facts={facts} onChange={onChange} />;
    case "task":
      return <TaskForm draft={draft} onChange={onChange} />;
    default:
      return <p className="text-ink-2">{t(`bulk.about.${kind}`)}</p>;
  }
}

function SetForm({ draft, facts, onChange }: Omit<BulkFormProps, "kind">) {
  const { t } = useTranslation("advanced");
  const choices = settable(facts);
  const fact = choices.find(({ key }) => key === draft.fact);
  return (
    <>
      <Field label={t("bulk.field")}>
        <Select
          value={draft.fact}
          onChange={(event) =>
            onChange({ fact: event.target.value, value: undefined, empty: false })
          }
        >
          <option value="" disabled>
            {t("value.choose")}
          </option>
          {choices.map((one) => (
            <option key={one.key} value={one.key}>
              {factLabel(t, one)}
            </option>
          ))}
        </Select>
      </Field>
      {fact && (
        <>
          {!draft.empty && (
            <HeldField
              key={fact.key}
              label={t("bulk.value")}
              fact={fact}
              value={draft.value}
              onChange={(value) => onChange({ value })}
            />
          )}
          {fact.kind !== "boolean" && (
            <Checkbox
              checked={draft.empty}
              label={t("bulk.empty")}
              onChange={(empty) => onChange({ empty })}
            />
          )}
        </>
      )}
    </>
  );
}

function TaskForm({ draft, onChange }: Omit<BulkFormProps, "kind" | "facts">) {
  const { t } = useTranslation("advanced");
  const { data: members } = useQuery(membersQuery);
  return (
    <>
      <Field label={t("bulk.taskTitle")} required>
        <Input
          maxLength={200}
          value={draft.title}
          onChange={(event) => onChange({ title: event.target.value })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("bulk.dueInDays")} help={t("bulk.dueHelp")}>
          <Input
            type="number"
            min={0}
            max={365}
            value={draft.due}
            onChange={(event) => onChange({ due: event.target.value })}
          />
        </Field>
        <PrioritySelect value={draft.priority} onChange={(priority) => onChange({ priority })} />
      </div>
      <Field label={t("bulk.taskOwner")}>
        <Select value={draft.owner} onChange={(event) => onChange({ owner: event.target.value })}>
          <option value="">{t("bulk.nobody")}</option>
          {members?.items.map((member) => (
            <option key={member.userId} value={member.userId}>
              {member.name}
            </option>
          ))}
        </Select>
      </Field>
    </>
  );
}

/** Members of the workspace, and whoever has clients already. */
function OwnerField({
  label,
  none,
  facts,
  value,
  onChange,
}: {
  label: string;
  none: string;
  facts: readonly Fact[];
  value: string;
  onChange: (owner: string) => void;
}) {
  const { data: members } = useQuery(membersQuery);
  const names = new Set([
    ...(members?.items.map(({ name }) => name) ?? []),
    ...(facts.find(({ key }) => key === "owner")?.choices ?? []),
  ]);
  return (
    <Field label={label}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{none}</option>
        {[...names].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  );
}

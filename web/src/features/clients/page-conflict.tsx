/** What somebody else changed meanwhile: field by field, with a choice where both changed the same. */
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { ownFieldsQuery } from "./api";
import {
  type Clash,
  compare,
  type Editable,
  type FieldName,
  merged,
  ownKey,
  type Value,
} from "./page-edit";

export function Conflict({
  base,
  mine,
  theirs,
  onSave,
  onCancel,
}: {
  base: Editable;
  mine: Editable;
  theirs: Editable;
  onSave: (to: Editable) => Promise<void>;
  onCancel: () => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const show = useShownOf([base, mine, theirs]);
  const label = useFieldLabel();
  const { clashes, taken } = compare(base, mine, theirs);
  const [keepTheirs, setKeepTheirs] = useState<ReadonlySet<FieldName>>(new Set());
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  async function save() {
    setBusy(true);
    setFailure(undefined);
    try {
      await onSave(merged(base, mine, theirs, keepTheirs));
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <div className="flex flex-col gap-4">
      <div role="alert">
        <p className="font-semibold text-card">{t("conflict.title")}</p>
        <p className="mt-1 text-ink-2">
          {t(clashes.length > 0 ? "conflict.choose" : "conflict.none")}
        </p>
      </div>
      {clashes.map((clash) => (
        <Choice
          key={clash.field}
          clash={clash}
          show={show}
          theirs={keepTheirs.has(clash.field)}
          onChoose={(keep) => {
            const next = new Set(keepTheirs);
            if (keep) next.add(clash.field);
            else next.delete(clash.field);
            setKeepTheirs(next);
          }}
        />
      ))}
      {taken.length > 0 && (
        <section aria-labelledby="conflict-taken">
          <h3 id="conflict-taken" className="font-medium">
            {t("conflict.taken")}
          </h3>
          <dl className="mt-1 divide-y divide-border border-border border-y">
            {taken.map(({ field, before, theirs: now }) => (
              <div key={field} className="flex justify-between gap-3 py-2">
                <dt className="text-ink-2">{label(field)}</dt>
                <dd className="min-w-0 break-words text-right">
                  <span className="text-ink-3 line-through">{show(field, before)}</span>{" "}
                  <span className="font-medium">{show(field, now)}</span>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {failure !== undefined && <FieldError>{errorText(failure)}</FieldError>}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{t("common:actions.cancel")}</Button>
        <Button variant="primary" busy={busy} onClick={() => void save()}>
          {t("conflict.save")}
        </Button>
      </div>
    </div>
  );
}

function Choice({
  clash: { field, before, mine, theirs: other },
  show,
  theirs,
  onChoose,
}: {
  clash: Clash;
  show: Shown;
  theirs: boolean;
  onChoose: (theirs: boolean) => void;
}) {
  const { t } = useTranslation("client");
  const label = useFieldLabel();
  const id = useId();
  return (
    <fieldset className="rounded-card border border-border p-3">
      <legend className="px-1 font-medium">{label(field)}</legend>
      <p className="mb-2 text-ink-2 text-meta">
        {t("conflict.before", { value: show(field, before) })}
      </p>
      {[false, true].map((keep) => (
        <label
          key={String(keep)}
          className="flex min-h-9 cursor-pointer items-start gap-2 py-1 pointer-coarse:min-h-11"
        >
          <input
            type="radio"
            name={id}
            className="mt-1 size-4 accent-(--accent)"
            checked={theirs === keep}
            onChange={() => onChoose(keep)}
          />
          <span className="min-w-0">
            <span className="block text-ink-2 text-meta">
              {t(keep ? "conflict.theirs" : "conflict.mine")}
            </span>
            <span className="block break-words font-medium">
              {show(field, keep ? other : mine)}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The words of a field, those that the workspace gave to its own. */
function useFieldLabel() {
  const { t } = useTranslation("client");
  const { data } = useQuery(ownFieldsQuery);
  return (field: FieldName) => {
    const key = ownKey(field);
    return key === undefined
      ? t(`field.${field}`)
      : (data?.items.find((own) => own.key === key)?.label ?? key);
  };
}

type Shown = (field: string, value: Value | undefined) => string;

/** The same where a parent is named by one of these states. */
function useShownOf(states: readonly Editable[]): Shown {
  const show = useShown();
  return (field, value) => {
    if (field !== "parentId") return show(field, value);
    return show(field, states.find((state) => state.parentId === value)?.parentName ?? value);
  };
}

/** A value of a field in words. */
export function useShown() {
  const { t } = useTranslation("client");
  const format = useFormat();
  const { data } = useQuery(ownFieldsQuery);
  return (field: string, value: Value | undefined): string => {
    if (value === null || value === undefined || value === "") return t("value.none");
    if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
    const kind = data?.items.find((own) => own.key === ownKey(field))?.kind;
    if (kind === "money" && typeof value === "number") return format.money(value);
    if (typeof value === "number") return format.number(value);
    if (Array.isArray(value)) return value.length > 0 ? value.join(", ") : t("value.none");
    if (kind === "day") return format.date(value);
    return field === "since" || field.endsWith("On") ? format.date(value) : value;
  };
}

/** What each column of the file means, with what cannot be told asked beside it, and the first rows as they would be read. */
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field, FieldError } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { useDebounced } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import {
  checkImport,
  ENTITIES,
  type Entity,
  type FoundColumn,
  type Import,
  type Key,
  MODES,
  type Mode,
  type OwnField,
  ownFieldsQuery,
  type Plan,
  previewQuery,
  stopImport,
  type TargetsOf,
  targetsQuery,
} from "./api";
import { answer, assign, columnAt, KEYS, kindOf, question, turn, unanswered } from "./plan";
import { Preview } from "./preview";

const NOTHING: Plan = { entity: "client", mode: "upsert", key: "externalId", columns: [] };

export function ColumnsStep(props: { item: Import; onChecked: () => void; onLeave: () => void }) {
  const { t } = useTranslation("connectors");
  const targets = useQuery(targetsQuery);
  const own = useQuery(ownFieldsQuery);
  const error = targets.error ?? own.error;
  if (error) {
    return (
      <ErrorState
        title={t("error")}
        error={error}
        onRetry={() => void Promise.all([targets.refetch(), own.refetch()])}
      />
    );
  }
  if (!targets.data || !own.data) {
    return (
      <Loading>
        <Skeleton className="h-80 w-full" />
      </Loading>
    );
  }
  return <Columns {...props} targets={targets.data} own={own.data} />;
}

function Columns({
  item,
  onChecked,
  onLeave,
  targets,
  own,
}: {
  item: Import;
  onChecked: () => void;
  onLeave: () => void;
  targets: TargetsOf[];
  own: OwnField[];
}) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  const [plan, setPlan] = useState<Plan>(item.plan ?? NOTHING);
  const { found } = item;
  const asked = useDebounced(plan, 300);
  const open = (of: Plan) => unanswered(of, found, (to) => kindOf(of.entity, to, targets, own));
  const waits = open(plan);
  const preview = useQuery({
    ...previewQuery(item.id, asked),
    placeholderData: keepPreviousData,
    // What is asked for a moment later is the plan of a moment ago.
    enabled: open(asked).length === 0,
  });
  const check = useMutation({
    mutationFn: () => checkImport(item.id, plan),
    onSuccess: onChecked,
  });
  const drop = useMutation({
    mutationFn: () => stopImport(item.id),
    onSuccess: onLeave,
    onError: toastError,
  });
  return (
    <>
      <Card>
        <CardHeader
          title={item.fileName}
          subtitle={[
            t("found.rows", { count: found.rows, n: format.number(found.rows) }),
            t("found.columns", {
              count: found.columns.length,
              n: format.number(found.columns.length),
            }),
            found.sheet && t("found.sheet", { sheet: found.sheet }),
          ]
            .filter(Boolean)
            .join(" · ")}
          actions={found.known && <Badge>{t(`found.${found.known}`)}</Badge>}
        />
        <CardBody className="flex flex-col gap-3">
          {found.remembered && <p className="text-ink-2">{t("found.remembered")}</p>}
          {found.broken > 0 && (
            <p className="text-watch-text">
              {t("found.broken", { count: found.broken, n: format.number(found.broken) })}
            </p>
          )}
          <div className="grid gap-3 md:grid-cols-3">
            <Field label={t("plan.entity")}>
              <Select
                value={plan.entity}
                onChange={(event) => setPlan(turn(plan, event.target.value as Entity, targets))}
              >
                {ENTITIES.map((entity) => (
                  <option key={entity} value={entity}>
                    {t(`plan.entities.${entity}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("plan.key")}>
              <Select
                value={plan.key}
                onChange={(event) => setPlan({ ...plan, key: event.target.value as Key })}
              >
                {KEYS[plan.entity].map((key) => (
                  <option key={key} value={key}>
                    {t(`plan.keys.${key}`)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("plan.mode")}>
              <Select
                value={plan.mode}
                onChange={(event) => setPlan({ ...plan, mode: event.target.value as Mode })}
              >
                {MODES.map((mode) => (
                  <option key={mode} value={mode}>
                    {t(`plan.modes.${mode}`)}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
        </CardBody>
      </Card>
      <Card>
        <CardHeader title={t("columns.title")} subtitle={t("columns.text")} />
        <ul className="divide-y divide-border border-border border-t">
          {found.columns.map((column, at) => (
            <ColumnRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              key={at}
              at={at}
              column={column}
              plan={plan}
              targets={targets}
              own={own}
              onPlan={setPlan}
            />
          ))}
        </ul>
      </Card>
      {waits.length === 0 && preview.error ? (
        <FieldError>{errorText(preview.error)}</FieldError>
      ) : (
        waits.length === 0 &&
        preview.data && <Preview rows={preview.data} found={found} plan={asked} />
      )}
      {check.error && <FieldError>{errorText(check.error)}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="ghost" busy={drop.isPending} onClick={() => drop.mutate()}>
          {t("columns.drop")}
        </Button>
        <Button
          variant="primary"
          busy={check.isPending}
          disabled={waits.length > 0 || (preview.isError && !preview.isFetching)}
          onClick={() => check.mutate()}
        >
          {t("columns.check")}
        </Button>
      </div>
    </>
  );
}

function ColumnRow({
  at,
  column,
  plan,
  targets,
  own,
  onPlan,
}: {
  at: number;
  column: FoundColumn;
  plan: Plan;
  targets: TargetsOf[];
  own: OwnField[];
  onPlan: (plan: Plan) => void;
}) {
  const { t } = useTranslation("connectors");
  if (column.name === "") {
    return <li className="px-4 py-3 text-ink-2">{t("columns.unnamed", { n: at + 1 })}</li>;
  }
  const chosen = columnAt(plan, at);
  const known = targets.find(({ entity }) => entity === plan.entity)?.targets ?? [];
  const kind = chosen && kindOf(plan.entity, chosen.to, targets, own);
  const asked = kind && question(column, kind);
  return (
    <li className="grid items-start gap-x-4 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)]">
      <p className="min-w-0 break-words font-medium">{column.name}</p>
      <p className="min-w-0 break-words text-ink-2">
        <span className="sr-only">{t("columns.samples")} : </span>
        {column.samples.length > 0 ? column.samples.join(" · ") : t("columns.empty")}
      </p>
      <Field label={`${column.name} : ${t("columns.becomes")}`} hideLabel>
        <Select
          value={chosen?.to ?? ""}
          onChange={(event) => onPlan(assign(plan, at, event.target.value))}
        >
          <option value="">{t("columns.ignore")}</option>
          <optgroup label={t("columns.groups.fields")}>
            {known
              .filter(({ to }) => to !== "trait")
              .map(({ to }) => (
                <option key={to} value={to}>
                  {t(`target.${to}`)}
                </option>
              ))}
          </optgroup>
          {plan.entity === "client" && own.length > 0 && (
            <optgroup label={t("columns.groups.own")}>
              {own.map(({ key, label }) => (
                <option key={key} value={`field.${key}`}>
                  {label}
                </option>
              ))}
            </optgroup>
          )}
          {known.some(({ to }) => to === "trait") && (
            <optgroup label={t("columns.groups.other")}>
              <option value="trait">{t("target.trait")}</option>
            </optgroup>
          )}
        </Select>
      </Field>
      {asked === "days" && (
        <Question
          title={t("days.question", { examples: column.dayExamples.join(", ") })}
          value={chosen?.days}
          options={(["dmy", "mdy"] as const).map((value) => [value, t(`days.${value}`)])}
          onChange={(days) => onPlan(answer(plan, at, { days }))}
        />
      )}
      {asked === "decimal" && (
        <Question
          title={t("decimal.question", { examples: column.numberExamples.join(" · ") })}
          value={chosen?.decimal}
          options={[
            [",", t("decimal.comma")],
            [".", t("decimal.point")],
          ]}
          onChange={(decimal) => onPlan(answer(plan, at, { decimal }))}
        />
      )}
    </li>
  );
}

function Question<T extends string>({
  title,
  value,
  options,
  onChange,
}: {
  title: string;
  value: T | undefined;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="rounded-card bg-watch-soft p-3 md:col-span-3">
      <legend className="float-left mb-1 font-medium">{title}</legend>
      <div className="clear-both flex flex-wrap gap-x-5">
        {options.map(([option, label]) => (
          <label
            key={option}
            className="flex min-h-9 cursor-pointer items-center gap-2 pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name={name}
              className="size-4 accent-(--accent)"
              checked={value === option}
              onChange={() => onChange(option)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

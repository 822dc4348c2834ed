/** A form's part with the workspace's own fields, a control for each kind. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Fact, FactValue } from "./api";
import { factsQuery } from "./api";
import { HeldField } from "./held-field";
import { factLabel } from "./words";

type Values = Record<string, FactValue>;

export function OwnFields({
  values,
  onChange,
  errorOf,
}: {
  values: Values;
  /** An emptied field is null. */
  onChange: (values: Values) => void;
  errorOf: (name: string) => string | undefined;
}) {
  const { data: facts } = useQuery(factsQuery);
  return <HeldFields facts={facts ?? []} values={values} onChange={onChange} errorOf={errorOf} />;
}

export function HeldFields({
  facts,
  values,
  onChange,
  errorOf,
}: {
  facts: readonly Fact[];
  values: Values;
  onChange: (values: Values) => void;
  errorOf: (name: string) => string | undefined;
}) {
  const { t } = useTranslation("advanced");
  return facts
    .filter(({ key }) => key.startsWith("field."))
    .map((fact) => {
      const key = fact.key.slice("field.".length);
      return (
        <HeldField
          key={key}
          label={factLabel(t, fact)}
          fact={fact}
          optional
          value={values[key] ?? undefined}
          error={errorOf(`fields.${key}`)}
          onChange={(value) => onChange({ ...values, [key]: value ?? null })}
        />
      );
    });
}

/** A value that a client will hold, by the kind of its field. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import type { Fact, FactValue } from "./api";
import { readNumber, Suggested } from "./value-field";
import { choiceLabel } from "./words";

export function HeldField({
  label,
  fact,
  value,
  onChange,
  error,
  optional,
}: {
  label: string;
  fact: Pick<Fact, "key" | "kind" | "choices">;
  value: FactValue | undefined;
  /** Without an argument: nothing is held. */
  onChange: (value: FactValue | undefined) => void;
  error?: string;
  optional?: boolean;
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const field = { label, error, optional };
  const text = typeof value === "string" ? value : "";
  const list = fact.choices ?? [];
  if (fact.kind === "number" || fact.kind === "money") {
    // Amounts are held in cents and written in units.
    const unit = fact.kind === "money" ? format.minorUnits() : 1;
    return (
      <Field {...field} help={fact.kind === "money" ? format.currencySymbol() : undefined}>
        <NumberInput
          value={typeof value === "number" ? value / unit : undefined}
          onChange={(number) =>
            onChange(
              number === undefined ? undefined : unit === 1 ? number : Math.round(number * unit),
            )
          }
        />
      </Field>
    );
  }
  if (fact.kind === "boolean") {
    return (
      <Field {...field}>
        <Select
          value={value === undefined || value === null ? "" : String(value)}
          onChange={(event) =>
            onChange(event.target.value === "" ? undefined : event.target.value === "true")
          }
        >
          <option value="">{t("value.choose")}</option>
          <option value="true">{t("value.yes")}</option>
          <option value="false">{t("value.no")}</option>
        </Select>
      </Field>
    );
  }
  if (fact.kind === "choice" && list.length > 0) {
    return (
      <Field {...field}>
        <Select value={text} onChange={(event) => onChange(event.target.value || undefined)}>
          <option value="">{t("value.choose")}</option>
          {list.map((choice) => (
            <option key={choice} value={choice}>
              {choiceLabel(t, fact.key, choice)}
            </option>
          ))}
        </Select>
      </Field>
    );
  }
  if (fact.kind === "choices") {
    const chosen = Array.isArray(value) ? value : [];
    return (
      <fieldset className="flex flex-col gap-1.5">
        <legend className="mb-1.5 font-medium text-body">{label}</legend>
        {list.map((choice) => (
          <Checkbox
            key={choice}
            checked={chosen.includes(choice)}
            label={choiceLabel(t, fact.key, choice)}
            onChange={(on) =>
              onChange(on ? [...chosen, choice] : chosen.filter((one) => one !== choice))
            }
          />
        ))}
      </fieldset>
    );
  }
  if (fact.kind === "day" || fact.kind === "url") {
    return (
      <Field {...field}>
        <Input
          type={fact.kind === "day" ? "date" : "url"}
          maxLength={2000}
          value={text}
          onChange={(event) => onChange(event.target.value || undefined)}
        />
      </Field>
    );
  }
  return (
    <Field {...field}>
      <Suggested
        fact={fact}
        label={label}
        value={text}
        onChange={(next) => onChange(next || undefined)}
      />
    </Field>
  );
}

function NumberInput({
  value,
  onChange,
}: {
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}) {
  // What is typed stays as it is typed: "1," is on its way to "1,5".
  const [typed, setTyped] = useState(value === undefined ? "" : String(value));
  return (
    <Input
      inputMode="decimal"
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(readNumber(event.target.value));
      }}
    />
  );
}

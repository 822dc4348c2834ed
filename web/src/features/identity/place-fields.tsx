/** The currency and the time zone of a workspace, chosen among those the browser knows. */
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Field, type FieldProps } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { useLocale } from "@/lib/i18n";
import { type Choice, currencies, timeZones } from "./choices";

type Props = Pick<FieldProps, "help" | "error" | "hideLabel"> &
  ComponentProps<typeof Select> & { value: string };

export function CurrencyField(props: Props) {
  const { t } = useTranslation("identity");
  const choices = currencies(useLocale(), props.value);
  return <ChoiceField {...props} label={t("fields.currency")} choices={choices} />;
}

export function TimeZoneField(props: Props) {
  const { t } = useTranslation("identity");
  return <ChoiceField {...props} label={t("fields.timezone")} choices={timeZones(props.value)} />;
}

function ChoiceField({
  label,
  help,
  error,
  hideLabel,
  choices,
  ...select
}: Props & { label: string; choices: Choice[] }) {
  return (
    <Field label={label} help={help} error={error} hideLabel={hideLabel}>
      <Select {...select}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

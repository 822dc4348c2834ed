/** How urgent a task is. */
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { PRIORITIES, type Priority } from "@/lib/priority";
import { Field } from "./field";
import { Select } from "./input";

export interface PrioritySelectProps extends Omit<ComponentProps<typeof Select>, "onChange"> {
  onChange: (priority: Priority) => void;
  error?: string;
}

export function PrioritySelect({ onChange, error, ...select }: PrioritySelectProps) {
  const { t } = useTranslation();
  return (
    <Field label={t("priority.label")} error={error}>
      <Select
        {...select}
        onChange={({ target: { value } }) => {
          const chosen = PRIORITIES.find((priority) => priority === value);
          if (chosen) onChange(chosen);
        }}
      >
        {PRIORITIES.map((priority) => (
          <option key={priority} value={priority}>
            {t(`priority.${priority}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

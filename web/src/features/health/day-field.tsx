/** A past day to choose: sent on once it is one, refused in words when it is left otherwise. */
import { useEffect, useState } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { errorCodeText } from "@/lib/i18n";
import { day as readDay } from "@/lib/search";

const EARLIEST = "2000-01-01";

export function DayField({
  label,
  value,
  max,
  error,
  onChange,
}: {
  label: string;
  value: string;
  /** The last day that may be chosen. */
  max: string;
  error?: string;
  onChange: (day: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  const [left, setLeft] = useState(false);
  useEffect(() => setTyped(value), [value]);
  const fits = (text: string) => readDay(text) !== undefined && text >= EARLIEST && text <= max;
  // Nothing chosen yet is not a mistake.
  const wrong = left && typed !== "" && !fits(typed);
  return (
    <Field label={label} error={wrong ? errorCodeText("growth_day_invalid") : error}>
      <Input
        type="date"
        min={EARLIEST}
        max={max}
        value={typed}
        className="h-8"
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          setLeft(false);
          if (fits(next)) onChange(next);
        }}
        onBlur={() => setLeft(true)}
      />
    </Field>
  );
}

/** What a condition compares with: a control for each kind of fact. */
import { X } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Input, Select } from "@/components/ui/input";
import { useFormat } from "@/lib/session";
import { parseNumber } from "@/lib/typed";
import type { Fact } from "./api";
import {
  type Condition,
  type DayValue,
  isBare,
  isDayValue,
  isList,
  type Scalar,
  takesList,
  type Value,
} from "./expression";
import { choiceLabel } from "./words";

export interface ValueProps {
  fact: Fact;
  condition: Condition;
  onChange: (value: Value | undefined) => void;
}

export function ValueField({ fact, condition, onChange }: ValueProps) {
  const { t } = useTranslation("advanced");
  const { op, value } = condition;
  if (isBare(op)) return null;
  if (takesList(op)) {
    return <ListField fact={fact} values={isList(value) ? value : []} onChange={onChange} />;
  }
  const single = isList(value) ? value[0] : value;
  if (fact.kind === "day" || fact.kind === "instant") {
    return <DayField value={isDayValue(single) ? single : { day: "" }} onChange={onChange} />;
  }
  if (fact.kind === "number" || fact.kind === "money") {
    return <NumberField fact={fact} value={single} onChange={onChange} />;
  }
  if (fact.kind === "boolean") {
    return (
      <Select
        aria-label={t("builder.value")}
        value={String(single ?? true)}
        onChange={(event) => onChange(event.target.value === "true")}
      >
        <option value="true">{t("value.yes")}</option>
        <option value="false">{t("value.no")}</option>
      </Select>
    );
  }
  if (fact.kind === "choice" && fact.choices && (op === "eq" || op === "ne")) {
    return (
      <Select
        aria-label={t("builder.value")}
        value={typeof single === "string" ? single : ""}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="" disabled>
          {t("value.choose")}
        </option>
        {fact.choices.map((choice) => (
          <option key={choice} value={choice}>
            {choiceLabel(t, fact.key, choice)}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <Suggested
      fact={fact}
      value={typeof single === "string" ? single : ""}
      onChange={(text) => onChange(text)}
    />
  );
}

/** Free text with the values in use at hand. */
export function Suggested({
  fact,
  value,
  onChange,
  label,
  ...props
}: {
  fact: Pick<Fact, "choices">;
  value: string;
  onChange: (text: string) => void;
  label?: string;
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  onBlur?: () => void;
  placeholder?: string;
}) {
  const { t } = useTranslation("advanced");
  const id = useId();
  return (
    <>
      <Input
        aria-label={label ?? t("builder.value")}
        list={fact.choices ? id : undefined}
        maxLength={200}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...props}
      />
      {fact.choices && (
        <datalist id={id}>
          {fact.choices.map((choice) => (
            <option key={choice} value={choice} />
          ))}
        </datalist>
      )}
    </>
  );
}

function NumberField({
  fact,
  value,
  onChange,
}: {
  fact: Fact;
  value: Scalar | undefined;
  onChange: (value: number | undefined) => void;
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  // What is typed stays as it is typed: "1," is on its way to "1,5".
  const [typed, setTyped] = useState(typeof value === "number" ? String(value) : "");
  return (
    <span className="flex items-center gap-2">
      <Input
        aria-label={t("builder.value")}
        inputMode="decimal"
        className="text-right"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          const number = readNumber(event.target.value);
          onChange(number);
        }}
      />
      {fact.kind === "money" && <span className="text-ink-2">{format.currencySymbol()}</span>}
    </span>
  );
}

/** "1 000,5" and "1000.5" alike. */
export const readNumber = (text: string): number | undefined => parseNumber(text) ?? undefined;

const MODES = ["day", "daysAgo", "inDays"] as const;

function DayField({ value, onChange }: { value: DayValue; onChange: (value: DayValue) => void }) {
  const { t } = useTranslation("advanced");
  const mode = "day" in value ? "day" : "daysAgo" in value ? "daysAgo" : "inDays";
  const count = "daysAgo" in value ? value.daysAgo : "inDays" in value ? value.inDays : 30;
  const with_ = (next: (typeof MODES)[number], days: number): DayValue =>
    next === "daysAgo" ? { daysAgo: days } : next === "inDays" ? { inDays: days } : { day: "" };
  return (
    <span className="grid grid-cols-2 gap-2">
      <Select
        aria-label={t("builder.dayMode")}
        value={mode}
        onChange={(event) => onChange(with_(event.target.value as typeof mode, count))}
      >
        {MODES.map((one) => (
          <option key={one} value={one}>
            {t(`builder.mode.${one}`)}
          </option>
        ))}
      </Select>
      {mode === "day" ? (
        <Input
          type="date"
          aria-label={t("builder.day")}
          value={"day" in value ? value.day : ""}
          onChange={(event) => onChange({ day: event.target.value })}
        />
      ) : (
        <Input
          type="number"
          min={0}
          max={3650}
          aria-label={t("builder.days")}
          value={Number.isFinite(count) ? count : ""}
          onChange={(event) => onChange(with_(mode, event.target.valueAsNumber))}
        />
      )}
    </span>
  );
}

/** Several values: boxes for a short closed list, else words added one by one. */
function ListField({
  fact,
  values,
  onChange,
}: {
  fact: Fact;
  values: readonly Scalar[];
  onChange: (values: Scalar[]) => void;
}) {
  const { t } = useTranslation("advanced");
  const [typed, setTyped] = useState("");
  const numeric = fact.kind === "number" || fact.kind === "money";
  function add() {
    const text = typed.trim();
    const value = numeric ? readNumber(text) : text;
    if (value === undefined || value === "") return;
    if (!values.includes(value)) onChange([...values, value]);
    setTyped("");
  }
  const label = (value: Scalar) =>
    typeof value === "string" ? choiceLabel(t, fact.key, value) : String(value);
  const left = (fact.choices ?? []).filter((choice) => !values.includes(choice));
  return (
    <div className="flex flex-col gap-2">
      {values.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {values.map((value, index) => (
            <li
              key={String(value)}
              className="flex h-7 max-w-full items-center rounded-control bg-accent-soft pl-2 text-accent-words pointer-coarse:h-10"
            >
              <span className="truncate">{label(value)}</span>
              <button
                type="button"
                aria-label={t("builder.removeValue", { value: label(value) })}
                onClick={() => onChange(values.filter((_, at) => at !== index))}
                className="flex size-7 items-center justify-center rounded-control hover:bg-sunken pointer-coarse:size-10"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {fact.kind === "choice" && fact.choices ? (
        <Select
          aria-label={t("builder.addValue")}
          value=""
          onChange={(event) => onChange([...values, event.target.value])}
        >
          <option value="" disabled>
            {t("builder.addValue")}
          </option>
          {left.map((choice) => (
            <option key={choice} value={choice}>
              {choiceLabel(t, fact.key, choice)}
            </option>
          ))}
        </Select>
      ) : (
        <Suggested
          fact={{ choices: left }}
          value={typed}
          onChange={setTyped}
          label={t("builder.addValue")}
          placeholder={t("builder.addValueHint")}
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== "Enter" && event.key !== ",") return;
            event.preventDefault();
            add();
          }}
        />
      )}
    </div>
  );
}

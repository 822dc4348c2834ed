/** The fields of each kind of signal. */
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Input, Select, Textarea } from "@/components/ui/input";
import type { Form } from "@/lib/form";
import { useFormat } from "@/lib/session";
import {
  boundsOf,
  CHANNELS,
  DIRECTIONS,
  type Draft,
  PRIORITIES,
  REASONS,
  SURVEYS,
} from "./page-signal";

type Name = Exclude<keyof Draft, "kind">;

export function SignalFields({
  form,
  currency,
  max,
}: {
  form: Form<Draft>;
  /** Its symbol. */
  currency: string;
  /** The last day on which something may have happened. */
  max: string;
}) {
  const { t } = useTranslation(["client", "clients", "common"]);
  const format = useFormat();
  const { kind, survey, reason } = form.values;
  const field = (name: Name) => ({
    label: t(`signal.field.${name}`, { context: kind, currency }),
    error: form.errorOf(name),
  });
  const line = (name: Name, props: Ask = {}, input: ComponentProps<typeof Input> = {}) => (
    <Field {...field(name)} {...props}>
      <Input autoComplete="off" {...input} {...form.control(name)} />
    </Field>
  );
  const number = (name: Name, props: Ask = {}) => line(name, props, { inputMode: "decimal" });
  const text = (name: Name, props: Ask = {}) => (
    <Field {...field(name)} {...props}>
      <Textarea rows={4} {...form.control(name)} />
    </Field>
  );
  const choice = (name: Name, options: ReactNode, props: Ask = {}) => (
    <Field {...field(name)} {...props}>
      <Select {...form.control(name)}>{options}</Select>
    </Field>
  );
  const between = (bounds: readonly [number, number]) =>
    t("signal.between", { min: format.number(bounds[0]), max: format.number(bounds[1]) });
  const unsaid = <option value="">{t("signal.unsaid")}</option>;

  switch (kind) {
    case "meeting":
      return (
        <>
          {line("subject", REQUIRED)}
          {line("minutes", OPTIONAL, { inputMode: "numeric" })}
        </>
      );
    case "message":
      return (
        <>
          <Pair>
            {choice(
              "channel",
              <>
                {unsaid}
                {CHANNELS.map((channel) => (
                  <option key={channel} value={channel}>
                    {t(`clients:page.timeline.message_${channel}`)}
                  </option>
                ))}
              </>,
            )}
            {choice(
              "direction",
              <>
                {unsaid}
                {DIRECTIONS.map((direction) => (
                  <option key={direction} value={direction}>
                    {t(`signal.directions.${direction}`)}
                  </option>
                ))}
              </>,
            )}
          </Pair>
          {line("subject")}
          {text("text", { help: t("signal.oneIsEnough") })}
        </>
      );
    case "ticket":
      return (
        <>
          {line("subject", REQUIRED)}
          <Pair>
            {choice(
              "priority",
              PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {t(`clients:page.timeline.priority.${priority}`)}
                </option>
              )),
            )}
            {number("satisfaction", { ...OPTIONAL, help: between([1, 5]) })}
            {line("endDay", OPTIONAL, { type: "date", max })}
            {line("endTime", OPTIONAL, { type: "time" })}
          </Pair>
        </>
      );
    case "payment":
      return (
        <Pair>
          {number("amount", REQUIRED)}
          {line("number", OPTIONAL)}
          {line("dueDate", REQUIRED, { type: "date" })}
          {line("endDay", OPTIONAL, { type: "date", max })}
        </Pair>
      );
    case "outcome":
      return (
        <>
          {line("label", REQUIRED)}
          {number("amount", REQUIRED)}
        </>
      );
    case "metric":
      return (
        <>
          {line("name", REQUIRED)}
          <Pair>
            {number("value", REQUIRED)}
            {number("limit", { ...OPTIONAL, help: t("signal.limitHelp") })}
          </Pair>
        </>
      );
    case "survey":
      return (
        <>
          <Pair>
            {choice(
              "survey",
              SURVEYS.map((name) => (
                <option key={name} value={name}>
                  {t(`common:health.survey.${name}`)}
                </option>
              )),
            )}
            {number("score", { ...REQUIRED, help: between(boundsOf(survey)) })}
          </Pair>
          {text("comment", OPTIONAL)}
        </>
      );
    case "churn_reason":
      return (
        <>
          {choice(
            "reason",
            <>
              <option value="">{t("signal.choose")}</option>
              {!isListed(reason) && <option value={reason}>{reason}</option>}
              {REASONS.map((word) => (
                <option key={word} value={word}>
                  {capital(t(`clients:page.timeline.reason.${word}`))}
                </option>
              ))}
            </>,
            REQUIRED,
          )}
          {text("comment", OPTIONAL)}
        </>
      );
  }
}

type Ask = Pick<ComponentProps<typeof Field>, "required" | "optional" | "help">;
const REQUIRED: Ask = { required: true };
const OPTIONAL: Ask = { optional: true };

const isListed = (reason: string) =>
  reason === "" || (REASONS as readonly string[]).includes(reason);
/** In the timeline the word ends a sentence. */
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function Pair({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 items-start gap-3">{children}</div>;
}

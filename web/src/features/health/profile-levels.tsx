/** Where the classes begin, when an alert is raised, how much must be known, and what caps a score. */
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { HealthGlyph, healthFill } from "@/components/ui/health";
import { Input } from "@/components/ui/input";
import { Switch } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import { type Draft, type Level, readNumber } from "./profile-draft";
import type { EditorPart } from "./profile-editor";

const CLASSES = ["excellent", "good", "watch"] as const;

export function ProfileLevels(props: EditorPart) {
  const { t } = useTranslation("health");
  const { t: words } = useTranslation();
  return (
    <div className="grid items-start gap-4 max-md:gap-3 xl:grid-cols-2">
      <Card aria-labelledby="levels">
        <CardHeader id="levels" title={t("levels.title")} subtitle={t("levels.text")} />
        <CardBody className="flex flex-col gap-4">
          <Band values={props.form.values} />
          <div className="grid grid-cols-3 gap-3">
            {CLASSES.map((level) => (
              <NumberField
                key={level}
                {...props}
                name={level}
                label={
                  <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
                    <HealthGlyph of={level} className="max-sm:hidden" />
                    {words(`health.${level}`)}
                  </span>
                }
              />
            ))}
          </div>
          <p className="-mt-2 text-ink-3 text-meta">{t("levels.from")}</p>
          <div className="grid grid-cols-2 gap-3">
            <NumberField
              {...props}
              name="alert"
              label={t("levels.alert")}
              help={t("levels.alertHelp")}
            />
            <NumberField
              {...props}
              name="rearm"
              label={t("levels.rearm")}
              help={t("levels.rearmHelp")}
            />
          </div>
          <NumberField
            {...props}
            name="minCoverage"
            label={t("levels.coverage")}
            help={t("levels.coverageHelp")}
            decimal
          />
        </CardBody>
      </Card>
      <Vetoes {...props} />
    </div>
  );
}

function Vetoes(props: EditorPart) {
  const { t } = useTranslation("health");
  const { form, disabled } = props;
  const { invoiceOn, championOn } = form.values;
  return (
    <Card aria-labelledby="vetoes">
      <CardHeader id="vetoes" title={t("vetoes.title")} subtitle={t("vetoes.text")} />
      <CardBody className="flex flex-col gap-4">
        <Switch
          checked={invoiceOn}
          disabled={disabled}
          onChange={(on) => form.set({ invoiceOn: on })}
          label={t("vetoes.invoice")}
          help={t("vetoes.invoiceHelp")}
        />
        {invoiceOn && (
          <div className="grid grid-cols-2 gap-3">
            <NumberField {...props} name="invoiceDays" label={t("vetoes.days")} />
            <NumberField {...props} name="invoiceCap" label={t("vetoes.cap")} />
          </div>
        )}
        <Switch
          checked={championOn}
          disabled={disabled}
          onChange={(on) => form.set({ championOn: on })}
          label={t("vetoes.champion")}
          help={t("vetoes.championHelp")}
          className="border-border border-t pt-4"
        />
        {championOn && (
          <div className="grid grid-cols-2 gap-3">
            <NumberField {...props} name="championCap" label={t("vetoes.cap")} />
          </div>
        )}
      </CardBody>
    </Card>
  );
}

type NumberName = Level | "minCoverage" | "invoiceDays" | "invoiceCap" | "championCap";

function NumberField({
  form,
  errorOf,
  disabled,
  name,
  label,
  help,
  decimal,
}: EditorPart & {
  name: NumberName;
  label: React.ReactNode;
  help?: string;
  decimal?: boolean;
}) {
  return (
    <Field label={label} help={help} error={errorOf(name)}>
      <Input
        {...form.control(name)}
        disabled={disabled}
        inputMode={decimal ? "decimal" : "numeric"}
        autoComplete="off"
        className="tnum h-8 max-w-28"
      />
    </Field>
  );
}

/** The classes as lengths of a scale from 0 to 100, with their numbers. */
function Band({ values }: { values: Draft }) {
  const format = useFormat();
  const [excellent, good, watch] = CLASSES.map((level) => readNumber(values[level]));
  if (excellent === undefined || good === undefined || watch === undefined) return null;
  if (!(0 <= watch && watch < good && good < excellent && excellent <= 100)) return null;
  const parts = [
    { of: "critical", from: 0, to: watch },
    { of: "watch", from: watch, to: good },
    { of: "good", from: good, to: excellent },
    { of: "excellent", from: excellent, to: 100 },
  ] as const;
  return (
    <div aria-hidden>
      <div className="flex h-2 gap-0.5 overflow-hidden rounded-full">
        {parts.map((part) => (
          <span
            key={part.of}
            className={healthFill[part.of]}
            style={{ width: `${part.to - part.from}%` }}
          />
        ))}
      </div>
      <div className="tnum relative mt-1 h-4 text-ink-3 text-tick">
        {parts.map((part) => (
          <span
            key={part.of}
            className={part.from === 0 ? "absolute" : "absolute -translate-x-1/2"}
            style={{ left: `${part.from}%` }}
          >
            {format.number(part.from)}
          </span>
        ))}
        <span className="absolute right-0">{format.number(100)}</span>
      </div>
    </div>
  );
}

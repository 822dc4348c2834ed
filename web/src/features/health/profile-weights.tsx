/** Weights of the components, with a running sum that must come to 100. */
import { Scale } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CriticalGlyph, HealthGlyph } from "@/components/ui/health";
import { Input } from "@/components/ui/input";
import { cn } from "@/lib/cn";
import { componentName } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import type { Profiles } from "./api-profiles";
import { effectiveShare, readNumber, shareOut, sumOfWeights } from "./profile-draft";
import { type EditorPart, fedOf } from "./profile-editor";

export function ProfileWeights({
  form,
  errorOf,
  disabled,
  profiles,
  suggestion,
}: EditorPart & {
  profiles: Profiles;
  /** Asks for weights fitted to who left, and says what was found. */
  suggestion: { button: ReactNode; found: ReactNode };
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const id = useId();
  /** The weight that was moved last keeps its place when the rest is shared out. */
  const [last, setLast] = useState<string>();
  const { weights } = form.values;
  const fed = fedOf(profiles);
  const sum = sumOfWeights(weights);
  const refusal = errorOf("weights");
  const change = (name: string, text: string) => {
    setLast(name);
    form.set({ weights: { ...weights, [name]: text } });
  };
  const first = profiles.components[0]?.component;
  const unfed = profiles.components.some((item) => !item.fed);
  return (
    <Card aria-labelledby="weights">
      <CardHeader
        id="weights"
        title={t("weights.title")}
        subtitle={t(unfed ? "weights.textUnfed" : "weights.text")}
        actions={
          !disabled && (
            <>
              {suggestion.button}
              <Button
                disabled={sum === 100}
                onClick={() => form.set({ weights: shareOut(weights, last, [...fed]) })}
              >
                <Scale aria-hidden />
                {t("weights.share")}
              </Button>
            </>
          )
        }
      />
      <CardBody>
        {!disabled && suggestion.found}
        <ul className="flex flex-col divide-y divide-border">
          {profiles.components.map(({ component, fed: on }) => (
            <Weight
              key={component}
              name={component}
              fed={on}
              text={weights[component] ?? ""}
              share={effectiveShare(weights, component, fed)}
              error={errorOf(`weights.${component}`)}
              describedBy={refusal ? `${id}-sum` : undefined}
              // A wrong sum is said once, at the weight that was moved last.
              invalid={refusal !== undefined && component === (last ?? first)}
              disabled={disabled}
              onChange={(text) => change(component, text)}
              onLeave={() => form.leave(`weights.${component}`)}
            />
          ))}
        </ul>
        <div
          role="status"
          className={cn(
            "mt-2 flex items-start gap-2 rounded-control px-3 py-2",
            refusal ? "bg-critical-soft" : "bg-sunken",
          )}
        >
          {refusal ? (
            <CriticalGlyph className="mt-0.5 size-4" />
          ) : (
            <HealthGlyph of="excellent" className="mt-0.5 size-4" />
          )}
          <p id={`${id}-sum`} className={refusal ? "text-critical-text" : "text-ink-2"}>
            {refusal ?? t("weights.sum", { sum: format.number(sum) })}
          </p>
        </div>
      </CardBody>
    </Card>
  );
}

function Weight({
  name,
  fed,
  text,
  share,
  error,
  describedBy,
  invalid,
  disabled,
  onChange,
  onLeave,
}: {
  name: string;
  fed: boolean;
  text: string;
  share: number | null;
  error: string | undefined;
  describedBy: string | undefined;
  invalid: boolean;
  disabled: boolean;
  onChange: (text: string) => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const id = useId();
  const label = componentName(name);
  const value = readNumber(text);
  const counts =
    share === null ? undefined : t("weights.counts", { pct: format.percent(share, { digits: 0 }) });
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_4.5rem] items-center gap-x-4 gap-y-1 py-2 md:grid-cols-[minmax(0,13rem)_minmax(0,1fr)_4.5rem_5.5rem]">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
        <label htmlFor={id} className={cn("font-medium", !fed && "text-ink-2")}>
          {label}
        </label>
        {!fed && <Badge>{t("weights.unfed")}</Badge>}
        <span className="text-ink-3 text-meta md:hidden">{counts}</span>
      </div>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        disabled={disabled}
        aria-label={t("weights.slider", { name: label })}
        value={Number.isFinite(value) ? value : 0}
        onChange={(event) => onChange(event.target.value)}
        className="h-6 w-full accent-accent max-md:order-3 max-md:col-span-2 pointer-coarse:h-10"
      />
      <Input
        id={id}
        inputMode="numeric"
        autoComplete="off"
        disabled={disabled}
        value={text}
        aria-invalid={error || invalid ? true : undefined}
        aria-describedby={error ? `${id}-error` : describedBy}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
        className="tnum h-8 text-right"
      />
      <span className="text-right text-ink-3 text-meta max-md:hidden">
        {counts ?? <span aria-hidden>{format.number(null)}</span>}
      </span>
      {error && (
        <p id={`${id}-error`} role="alert" className="col-span-full text-critical-text">
          {error}
        </p>
      )}
    </li>
  );
}

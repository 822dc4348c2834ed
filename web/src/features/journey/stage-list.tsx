/** What a stage asks for, line by line: how much of it is there, and a tick for who may give it. */
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import type { Stage } from "./api";
import { StageGlyph } from "./marks";

/** Only the current stage is being worked on. */
export const isCurrent = (stage: Stage) => stage.status === "active" || stage.status === "at_risk";

export function StageList<T extends { key: string }>({
  title,
  none,
  items,
  isDone,
  children,
}: {
  title: string;
  /** Said in place of an empty list. */
  none: string;
  items: readonly T[];
  isDone: (item: T) => boolean;
  children: (item: T) => ReactNode;
}) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h3 id={id} className="font-semibold">
        {title}{" "}
        <span className="tnum font-normal text-ink-3">
          {t("outOf", {
            n: format.number(items.filter(isDone).length),
            all: format.number(items.length),
          })}
        </span>
      </h3>
      {items.length === 0 ? (
        <p className="mt-1 text-ink-2">{none}</p>
      ) : (
        <ul className="mt-1 divide-y divide-border">{items.map(children)}</ul>
      )}
    </section>
  );
}

/** A line: a box to tick where one may, else the mark of what is done or not. */
export function StageLine({
  done,
  label,
  busy,
  onTick,
  children,
}: {
  done: boolean;
  label: string;
  busy: boolean;
  /** Nothing to tick without it. */
  onTick: ((done: boolean) => void) | undefined;
  children: ReactNode;
}) {
  return (
    <li className="flex items-start gap-2 py-2">
      {onTick ? (
        <Checkbox
          className="mt-0.5"
          checked={done}
          disabled={busy}
          hideLabel
          label={label}
          onChange={onTick}
        />
      ) : (
        <StageGlyph status={done ? "completed" : "pending"} className="mt-0.5" />
      )}
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

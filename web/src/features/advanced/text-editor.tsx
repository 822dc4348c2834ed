/** The same expression as text: faults are marked where they are, facts and values are suggested. */
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { ApiError } from "@/lib/api";
import { cn } from "@/lib/cn";
import { errorText } from "@/lib/i18n";
import type { Fact } from "./api";
import { LONGEST } from "./search";
import { accept, type Suggestion, suggestions } from "./suggest";
import { factLabel } from "./words";

export interface Fault {
  /** In characters of the text. */
  at: number;
  length: number;
}

/** Where the server says that the text is wrong. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { at, length } = error.params;
  return typeof at === "number"
    ? { at, length: typeof length === "number" ? length : 1 }
    : undefined;
}

/** The text in three: before the fault, the fault (never empty), after it. */
export function split(text: string, fault: Fault): [string, string, string] {
  const letters = [...text];
  const from = Math.min(fault.at, letters.length);
  const to = Math.min(letters.length, from + Math.max(1, fault.length));
  const middle = letters.slice(from, to).join("");
  return [
    letters.slice(0, from).join(""),
    middle === "" ? " " : middle,
    letters.slice(to).join(""),
  ];
}

const look = "px-3 py-2 font-mono text-[1rem] leading-6 md:text-body md:leading-6";

export function TextEditor({
  text,
  onChange,
  facts,
  error,
  onSubmit,
  className,
}: {
  text: string;
  onChange: (text: string) => void;
  facts: readonly Fact[];
  error: unknown;
  onSubmit: () => void;
  /** Room for the suggestions, which float over what follows. */
  className?: string;
}) {
  const { t } = useTranslation("advanced");
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const [wanted, setWanted] = useState<number>();
  const [active, setActive] = useState(0);
  const [closed, setClosed] = useState(true);
  const known = facts.map((fact) => ({
    key: fact.key,
    label: factLabel(t, fact),
    choices: fact.choices ?? [],
  }));
  const offered = closed ? [] : suggestions(text, caret, known);
  const current = offered[Math.min(active, offered.length - 1)];
  const fault = faultOf(error);

  useLayoutEffect(() => {
    if (wanted === undefined) return;
    area.current?.setSelectionRange(wanted, wanted);
    setWanted(undefined);
  }, [wanted]);

  function take(suggestion: Suggestion) {
    const next = accept(text, caret, suggestion.text);
    onChange(next.text);
    setCaret(next.caret);
    setWanted(next.caret);
    setClosed(true);
    area.current?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSubmit();
      return;
    }
    if (!current) return;
    const count = offered.length;
    if (event.key === "ArrowDown") setActive((active + 1) % count);
    else if (event.key === "ArrowUp") setActive((active - 1 + count) % count);
    else if (event.key === "Enter" || event.key === "Tab") take(current);
    else if (event.key === "Escape") setClosed(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <Field
      label={t("text.label")}
      help={t("text.help")}
      error={error ? errorText(error) : undefined}
      className={className}
    >
      <div className="relative">
        {fault && (
          <div
            aria-hidden
            className={cn(
              look,
              "pointer-events-none absolute inset-0 overflow-hidden whitespace-pre-wrap break-words rounded-control border border-transparent text-transparent",
            )}
          >
            <Marked text={text} fault={fault} />
          </div>
        )}
        <Textarea
          ref={area}
          autoFocus
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          maxLength={LONGEST}
          rows={5}
          aria-autocomplete="list"
          aria-controls={current ? `${id}-list` : undefined}
          aria-activedescendant={current ? `${id}-${offered.indexOf(current)}` : undefined}
          value={text}
          onChange={(event) => {
            onChange(event.target.value.replace(/\n/g, " "));
            setCaret(event.target.selectionStart);
            setActive(0);
            setClosed(false);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onBlur={() => setClosed(true)}
          className={cn(look, "relative bg-transparent")}
        />
      </div>
      {/* Suggestions float: nothing below moves while one types. */}
      <div className="relative -mt-1.5">
        {current && (
          <div
            id={`${id}-list`}
            role="listbox"
            aria-label={t("text.suggestions")}
            className="absolute inset-x-0 top-1.5 z-10 max-h-60 overflow-y-auto rounded-card border border-border bg-popover p-1 shadow-float"
          >
            {offered.map((suggestion, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the text above holds the keyboard
              <div
                key={suggestion.text}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={suggestion === current}
                // The text keeps the focus.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => take(suggestion)}
                className={cn(
                  "flex min-h-8 cursor-pointer items-center justify-between gap-3 rounded-control px-2 pointer-coarse:min-h-10",
                  suggestion === current && "bg-accent-soft",
                )}
              >
                <span className="truncate font-mono">{suggestion.label}</span>
                <span className="truncate text-ink-2">{suggestion.detail}</span>
              </div>
            ))}
          </div>
        )}
      </div>
    </Field>
  );
}

function Marked({ text, fault }: { text: string; fault: Fault }) {
  const [before, wrong, after] = split(text, fault);
  return (
    <>
      {before}
      <mark className="bg-critical-soft text-transparent underline decoration-2 decoration-critical-mark decoration-wavy underline-offset-4">
        {wrong}
      </mark>
      {after}
    </>
  );
}

/** A change: the arrow tells the direction, the colour good or bad, and both are said. */
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";

export interface ChangeProps {
  /** The raw change; its sign gives the arrow. `null` shows a dash. */
  value: number | null | undefined;
  /** The change as written, with its sign: `format.percentValue(v, {signed: true})`. */
  text: string;
  /** Which way is good news; `none` keeps it neutral. */
  better?: "up" | "down" | "none";
  className?: string;
}

export function Change({ value, text, better = "up", className }: ChangeProps) {
  const { t } = useTranslation();
  const flat = value == null || !/[1-9]/.test(text);
  const direction = flat ? "flat" : value > 0 ? "up" : "down";
  const judged = flat || better === "none" ? null : direction === better ? "good" : "bad";
  if (value == null) return <span className={cn("text-ink-3", className)}>{text}</span>;
  const said = flat
    ? t("change.flat")
    : t(judged ? "change.said" : "change.saidNeutral", {
        direction: t(`change.${direction}`),
        judgement: judged ? t(`change.${judged}`) : "",
        value: text,
      });
  return (
    <span
      className={cn(
        "tnum inline-flex items-center gap-1 whitespace-nowrap font-semibold",
        judged === "good" && "text-excellent-text",
        judged === "bad" && "text-critical-text",
        judged === null && "font-normal text-ink-3",
        className,
      )}
    >
      {!flat && (
        <svg viewBox="0 0 10 10" aria-hidden className="size-2.5 shrink-0" fill="currentColor">
          <path d={direction === "up" ? "M5 1l4.6 8H.4z" : "M5 9L.4 1h9.2z"} />
        </svg>
      )}
      <span className="sr-only">{said}</span>
      <span aria-hidden>{text}</span>
    </span>
  );
}

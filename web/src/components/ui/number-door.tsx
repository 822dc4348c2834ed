/**
 * Every number is a door: it opens "Where does this number come from?", with the formula, the
 * parts, the time of computation and the way to the clients behind it.
 */
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { usePhone } from "@/lib/hooks";
import { Sheet } from "./dialog";
import { Popover } from "./menu";
import { RelativeTime } from "./misc";

export interface Provenance {
  /** What the number is: "MRR total". */
  title: string;
  /** Instant of computation. */
  computedAt?: string | null;
  /** In words: "nouveaux + expansions − contractions − churns". */
  formula?: ReactNode;
  parts?: readonly { label: ReactNode; value: ReactNode }[];
  total?: { label: ReactNode; value: ReactNode };
  /** A remark: coverage, what is left out. */
  note?: ReactNode;
  /** Links: "Voir les 23 mouvements". */
  links?: ReactNode;
}

export interface NumberDoorProps {
  provenance: Provenance;
  /** The number as it is written. */
  children: ReactNode;
  className?: string;
}

export function NumberDoor({ provenance, children, className }: NumberDoorProps) {
  const { t } = useTranslation();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  // What a link leads to must not open under the door it was followed from.
  const view = (
    // biome-ignore lint/a11y/noStaticElementInteractions: listens to the links inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div
      onClick={(event) => {
        if (!(event.target as Element).closest("a")) return;
        // What opens next gives the focus back to where it finds it now.
        trigger.current?.focus({ preventScroll: true });
        setOpen(false);
      }}
    >
      <ProvenanceView provenance={provenance} />
    </div>
  );
  const button = (
    <button
      ref={trigger}
      type="button"
      aria-haspopup="dialog"
      {...(phone && { ...Sheet.approach, onClick: () => setOpen(true) })}
      className={cn(
        "-mx-1 -my-0.5 inline-flex min-h-6 max-w-full items-baseline gap-1.5 rounded-control px-1 py-0.5 text-left decoration-border-strong decoration-dotted underline-offset-4 transition-colors duration-120 hover:bg-sunken data-[state=open]:bg-sunken",
        className,
      )}
    >
      <span className="sr-only">{provenance.title}, </span>
      {children}
      <span className="sr-only">. {t("door.title")}</span>
    </button>
  );
  if (phone) {
    return (
      <>
        {button}
        <Sheet open={open} onOpenChange={setOpen} title={t("door.title")}>
          {view}
        </Sheet>
      </>
    );
  }
  return (
    <Popover trigger={button} label={t("door.title")} open={open} onOpenChange={setOpen}>
      {view}
    </Popover>
  );
}

/** The content alone, for a sheet or a page. */
export function ProvenanceView({ provenance }: { provenance: Provenance }) {
  const { t } = useTranslation();
  const { title, computedAt, formula, parts = [], total, note, links } = provenance;
  const [before = "", after = ""] = t("door.computed", { when: "\u0000" }).split("\u0000");
  return (
    <div className="text-body">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-semibold">{title}</p>
        {computedAt && (
          <p className="text-ink-2">
            {before}
            <RelativeTime at={computedAt} />
            {after}
          </p>
        )}
      </div>
      {formula && (
        <p className="mt-2 text-ink-2">
          <span className="sr-only">{t("door.formula")}, </span>
          {formula}
        </p>
      )}
      {(parts.length > 0 || total) && (
        <dl className="mt-2">
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts have a fixed order and no identity
            <div key={index} className="flex justify-between gap-4 py-0.5">
              <dt className="text-ink-2">{part.label}</dt>
              <dd className="tnum whitespace-nowrap font-semibold">{part.value}</dd>
            </div>
          ))}
          {total && (
            <div className="mt-2 flex justify-between gap-4 border-border border-t pt-2 font-semibold">
              <dt>{total.label}</dt>
              <dd className="tnum whitespace-nowrap">{total.value}</dd>
            </div>
          )}
        </dl>
      )}
      {note && <p className="mt-2 text-ink-3 text-meta">{note}</p>}
      {links && <div className="mt-3 flex flex-wrap gap-x-4 gap-y-1">{links}</div>}
    </div>
  );
}

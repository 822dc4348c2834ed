/**
 * Toasts, bottom centre, one at a time: 8 s, paused under the pointer or the focus, with Undo.
 * Errors stay until they are closed. `toast({message, undo})` works from anywhere.
 */
import { CircleCheck, X } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { errorText, i18n } from "@/lib/i18n";
import { Unfetched } from "@/lib/unfetched";
import { CriticalGlyph } from "./health";

export interface ToastInput {
  message: ReactNode;
  /** Called when the person takes it back, or does what `undoLabel` says. */
  undo?: () => void;
  /** Words of the button, "Undo" by default. */
  undoLabel?: string;
  /** Called once it has gone without being taken back: the moment to carry out what could be undone. */
  onGone?: () => void;
  /** `news` comes by itself: it never takes the place of what the person has just done. */
  tone?: "done" | "error" | "news";
}
interface Toast extends ToastInput {
  id: number;
}

const LIFE = 8;
let queue: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function change(to: Toast[]): void {
  queue = to;
  for (const listener of listeners) listener();
}

/** A new message replaces one that is only informing; errors and news wait their turn, the newest news alone. */
export function toast(input: ToastInput): void {
  if (input.tone === "news") {
    const waiting = queue.filter((item, index) => index === 0 || item.tone !== "news");
    change([...waiting, { ...input, id: next++ }]);
    return;
  }
  const stays = (item: Toast) => item.tone === "error" || item.tone === "news";
  const kept = queue.filter(stays);
  if (input.tone !== "error") {
    for (const item of queue) if (!stays(item)) item.onGone?.();
  }
  change(
    input.tone === "error"
      ? [...kept, { ...input, id: next++ }]
      : [{ ...input, id: next++ }, ...kept],
  );
}

export function toastError(error: unknown): void {
  toast({
    message: errorText(error),
    tone: "error",
    // A browser remembers code that failed to load as failed: only a new page asks for it again.
    ...(error instanceof Unfetched && {
      // Not while the server does not answer: the page that is open would be lost.
      undo: () =>
        void fetch("/", { method: "HEAD", cache: "no-store" }).then(
          () => window.location.reload(),
          (cause: unknown) => toastError(new Unfetched(cause)),
        ),
      undoLabel: i18n.t("common:page.reload"),
    }),
  });
}

function dismiss(id: number, takenBack = false): void {
  const gone = queue.find((item) => item.id === id);
  if (!takenBack) gone?.onGone?.();
  change(queue.filter((item) => item.id !== id));
}

export function Toaster() {
  const items = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => queue,
  );
  const current = items[0];
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-[calc(var(--bottombar)+16px)] z-60 flex justify-center"
    >
      {current && <ToastView key={current.id} item={current} />}
    </div>
  );
}

function ToastView({ item }: { item: Toast }) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(LIFE);
  const [paused, setPaused] = useState(false);
  const lasting = item.tone === "error";

  useEffect(() => {
    if (lasting || paused) return;
    const timer = setInterval(() => setLeft((value) => value - 1), 1000);
    return () => clearInterval(timer);
  }, [lasting, paused]);
  useEffect(() => {
    if (left <= 0) dismiss(item.id);
  }, [left, item.id]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointer and focus only pause the countdown
    <div
      className="pointer-events-auto flex w-full max-w-md animate-rise items-center gap-3 rounded-card bg-inverse px-4 py-3 text-body text-on-inverse shadow-float"
      onPointerEnter={() => setPaused(true)}
      onPointerLeave={() => setPaused(false)}
      onFocus={() => setPaused(true)}
      onBlur={() => setPaused(false)}
    >
      {lasting || item.tone === "news" ? (
        <CriticalGlyph className="size-4" />
      ) : (
        <CircleCheck className="size-4 shrink-0" aria-hidden />
      )}
      <div className="min-w-0 flex-1">{item.message}</div>
      {item.undo && (
        <button
          type="button"
          className="min-h-6 font-semibold underline underline-offset-4 outline-current pointer-coarse:min-h-10"
          onClick={() => {
            item.undo?.();
            dismiss(item.id, true);
          }}
        >
          {item.undoLabel ?? t("actions.undo")}
        </button>
      )}
      {!lasting && item.undo && (
        <span aria-hidden className="tnum w-6 text-right opacity-80">
          {Math.max(0, left)}
          {"\u00a0"}s
        </span>
      )}
      <button
        type="button"
        aria-label={t("actions.close")}
        className="-mr-1.5 flex size-6 items-center justify-center rounded-control outline-current pointer-coarse:size-10"
        onClick={() => dismiss(item.id)}
      >
        <X className="size-4" aria-hidden />
      </button>
    </div>
  );
}

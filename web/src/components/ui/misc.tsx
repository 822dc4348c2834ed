/** Small pieces: links, key caps, relative time, secrets to copy, "show more". */
import { createLink } from "@tanstack/react-router";
import { Check, Copy, Eye, EyeOff } from "lucide-react";
import {
  type AnchorHTMLAttributes,
  type ReactNode,
  type Ref,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { Button } from "./button";
import { useFieldProps } from "./field";

function Anchor({
  className,
  children,
  ...props
}: AnchorHTMLAttributes<HTMLAnchorElement> & { ref?: Ref<HTMLAnchorElement> }) {
  return (
    <a
      className={cn(
        "rounded-check font-medium text-accent-words underline-offset-4 hover:underline pointer-coarse:inline-flex pointer-coarse:min-h-10 pointer-coarse:items-center",
        className,
      )}
      {...props}
    >
      {children}
    </a>
  );
}

/** A link of the router in the accent: `<TextLink to="/clients/growth">…</TextLink>`. */
export const TextLink = createLink(Anchor);

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-check border border-border bg-sunken px-1.5 font-medium font-sans text-ink-2 text-tick">
      {children}
    </kbd>
  );
}

/** "4 s ago", kept up to date; the exact time as a title. */
export function RelativeTime({ at }: { at: string | null | undefined }) {
  const format = useFormat();
  const recent = at != null && Date.now() - Date.parse(at) < 60_000;
  useNow(recent ? 1000 : 30_000);
  if (!at) return <>{format.relative(null)}</>;
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {format.relative(at)}
    </time>
  );
}

export interface CopyFieldProps {
  value: string;
  label: string;
  /** Hidden behind dots until asked for. */
  secret?: boolean;
  className?: string;
}

/** A value to hand over: selected on focus, copied by the button, and it is said. */
export function CopyField({ value, label, secret, className }: CopyFieldProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(!secret);
  const [copied, setCopied] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const field = useFieldProps();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // Without a secure context the clipboard is closed: the old way still works.
      setShown(true);
      input.current?.select();
      document.execCommand("copy");
    }
    setCopied(true);
  }

  return (
    <div className={cn("flex gap-2", className)}>
      <input
        {...field}
        ref={input}
        readOnly
        aria-label={label}
        type={shown ? "text" : "password"}
        autoComplete="off"
        value={value}
        onFocus={(event) => event.target.select()}
        className="h-8 min-w-0 flex-1 truncate rounded-control border border-border-strong bg-sunken px-3 font-mono text-[1rem] md:text-meta pointer-coarse:h-10"
      />
      {secret && (
        <Button
          aria-label={shown ? t("actions.hide") : t("actions.show")}
          className="w-8 px-0 pointer-coarse:w-10"
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </Button>
      )}
      <Button onClick={copy}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
        <span aria-live="polite">{copied ? t("actions.copied") : t("actions.copy")}</span>
      </Button>
    </div>
  );
}

/** Loads the rest of a list when it comes into view, or at once by its button. */
export function LoadMore({
  hasMore,
  loading,
  onLoadMore,
  auto = true,
  label,
}: {
  hasMore: boolean;
  loading: boolean;
  onLoadMore: () => void;
  auto?: boolean;
  label?: string;
}) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDivElement>(null);
  const load = useRef(onLoadMore);
  load.current = onLoadMore;
  useEffect(() => {
    const node = ref.current;
    if (!auto || !hasMore || loading || !node || typeof IntersectionObserver === "undefined")
      return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && load.current(),
      { rootMargin: "240px" },
    );
    observer.observe(node);
    return () => observer.disconnect();
  }, [auto, hasMore, loading]);
  if (!hasMore) return null;
  return (
    <div ref={ref} className="flex justify-center p-3">
      <Button variant="ghost" busy={loading} onClick={onLoadMore}>
        {loading ? t("actions.loading") : (label ?? t("actions.loadMore"))}
      </Button>
    </div>
  );
}

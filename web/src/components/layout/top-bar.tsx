/** Breadcrumb, search, live state, help; on phones the title, with the logo or the way back. */
import { Link } from "@tanstack/react-router";
import { ArrowLeft, ChevronRight, CircleHelp, Search } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/ui/button";
import { Kbd } from "@/components/ui/misc";
import { useLive } from "@/lib/live";
import { MOD } from "@/lib/shortcuts";
import { LiveIndicator } from "./live-indicator";
import { Logo } from "./logo";
import { usePageMeta } from "./page-header";
import { useShell } from "./shell";

type Opens = Pick<ComponentProps<"button">, "onClick" | "onPointerEnter" | "onFocus">;

/** `search` and `help`: what their buttons do. */
export function TopBar({ search, help }: { search: Opens; help: Opens }) {
  const { t } = useTranslation();
  const { title, crumbs, back } = usePageMeta();
  const { status } = useLive();
  const { bell } = useShell();
  return (
    <header className="sticky top-0 z-30 flex h-(--topbar) items-center gap-3 border-border border-b bg-canvas px-6 max-md:px-3">
      <nav aria-label={t("nav.breadcrumb")} className="min-w-0 flex-1 max-md:hidden">
        <ol className="flex min-w-0 items-center gap-1.5 text-ink-2">
          {crumbs.map((crumb) => (
            <li key={crumb.label} className="flex shrink-0 items-center gap-1.5">
              {crumb.to ? (
                <Link to={crumb.to} className="rounded-check hover:text-ink hover:underline">
                  {crumb.label}
                </Link>
              ) : (
                crumb.label
              )}
              <ChevronRight className="size-3.5 text-ink-3" aria-hidden />
            </li>
          ))}
          <li aria-current="page" className="truncate font-medium text-ink">
            {title}
          </li>
        </ol>
      </nav>
      <div className="flex min-w-0 flex-1 items-center gap-3 md:hidden">
        {back ? (
          <Link
            to={back}
            aria-label={t("actions.back")}
            className="-ml-2 flex size-10 items-center justify-center rounded-control"
          >
            <ArrowLeft className="size-5" aria-hidden />
          </Link>
        ) : (
          <Link to="/" aria-label={t("nav.home")} className="rounded-control">
            <Logo />
          </Link>
        )}
        <span aria-hidden className="truncate font-semibold text-value">
          {title}
        </span>
      </div>

      <button
        type="button"
        {...search}
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        className="flex h-8 w-[min(320px,30vw)] items-center gap-2 rounded-control border border-border bg-surface px-2.5 text-left text-ink-3 transition-colors duration-120 hover:border-border-strong max-md:hidden"
      >
        <Search className="size-4 shrink-0" aria-hidden />
        <span className="min-w-0 flex-1 truncate">{t("palette.open")}</span>
        <span aria-hidden className="max-lg:hidden">
          <Kbd>{MOD} K</Kbd>
        </span>
      </button>
      <div className="flex flex-1 items-center justify-end gap-2 max-md:flex-none">
        <LiveIndicator className={status === "live" ? "max-md:sr-only" : "max-md:text-meta"} />
        <IconButton
          variant="ghost"
          label={t("palette.openShort")}
          {...search}
          className="size-10 md:hidden [&_svg]:size-5"
        >
          <Search aria-hidden />
        </IconButton>
        <IconButton variant="ghost" label={t("shortcuts.open")} {...help} className="max-md:hidden">
          <CircleHelp aria-hidden />
        </IconButton>
        {bell}
      </div>
    </header>
  );
}

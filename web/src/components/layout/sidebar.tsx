/** Sidebar of 228 px, rail of 56 px below 1,200 px, bottom bar and drawer on phones. */
import { Link, useLocation } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Sheet } from "@/components/ui/dialog";
import { Tooltip } from "@/components/ui/tooltip";
import { cn } from "@/lib/cn";
import { LiveIndicator } from "./live-indicator";
import { UserMenu, WorkspaceMenu } from "./menus";
import { BAR_DESTINATIONS, DESTINATIONS, type Destination, isActive } from "./navigation";
import { useShell } from "./shell";

function Entry({
  destination,
  compact,
  onNavigate,
}: {
  destination: Destination;
  compact?: boolean;
  onNavigate?: () => void;
}) {
  const { t } = useTranslation();
  const active = isActive(destination, useLocation().pathname);
  const Icon = destination.icon;
  const label = t(`nav.${destination.key}`);
  const count = useShell().counts?.[destination.key];
  const link = (
    <Link
      to={destination.to}
      onClick={onNavigate}
      aria-current={active ? "page" : undefined}
      aria-label={compact ? (count ? `${label}, ${count.said}` : label) : undefined}
      className={cn(
        "flex h-8 items-center gap-2.5 rounded-control px-2 font-medium text-ink-2 transition-colors duration-120 hover:bg-sunken hover:text-ink pointer-coarse:h-11",
        compact && "size-10 justify-center px-0",
        active &&
          "bg-accent-soft font-semibold text-accent-words hover:bg-accent-soft hover:text-accent-words",
      )}
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      {!compact && (
        <>
          <span className="min-w-0 flex-1 truncate">{label}</span>
          {count && (
            <span className="tnum font-normal text-ink-3">
              <span aria-hidden>{count.text}</span>
              <span className="sr-only">, {count.said}</span>
            </span>
          )}
          {destination.isNew && <Badge tone="solid">{t("nav.new")}</Badge>}
        </>
      )}
    </Link>
  );
  return (
    <li>
      {compact ? (
        <Tooltip content={label} side="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
      {!compact && destination.tabs && <Inside destination={destination} onNavigate={onNavigate} />}
    </li>
  );
}

/** The tabs of an entry, under it. */
function Inside({
  destination,
  onNavigate,
}: {
  destination: Destination;
  onNavigate?: () => void;
}) {
  const { t } = useTranslation();
  const { pathname, search } = useLocation();
  const at = pathname === destination.to ? (search as { tab?: string }).tab : undefined;
  return (
    <ul className="mt-0.5 ml-4 flex flex-col gap-0.5 border-border border-l pl-3">
      {destination.tabs?.map((tab) => (
        <li key={tab}>
          <Link
            to={destination.to}
            search={{ tab } as never}
            onClick={onNavigate}
            activeOptions={{ includeSearch: true, exact: true }}
            aria-current={tab === at ? "page" : undefined}
            className="flex h-8 items-center rounded-control px-2 text-ink-2 transition-colors duration-120 hover:bg-sunken hover:text-ink aria-[current=page]:font-medium aria-[current=page]:text-accent-words pointer-coarse:h-11"
          >
            {t(`nav.${tab}`)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Entries({ compact, onNavigate }: { compact?: boolean; onNavigate?: () => void }) {
  const { t } = useTranslation();
  const of = (section: Destination["section"]) =>
    DESTINATIONS.filter((item) => item.section === section).map((item) => (
      <Entry key={item.key} destination={item} compact={compact} onNavigate={onNavigate} />
    ));
  return (
    <>
      <ul className={cn("flex flex-col gap-0.5 pt-2", compact && "items-center pt-3")}>
        {of("top")}
      </ul>
      {!compact && <p className="px-2 pt-3 pb-1.5 text-ink-3 text-meta">{t("nav.clients")}</p>}
      <ul className={cn("flex flex-col gap-0.5", compact && "items-center pt-3")}>
        {of("clients")}
      </ul>
      {!compact && (
        <p className="px-2 pt-3 pb-1.5 text-ink-3 text-meta">{t("nav.advancedTools")}</p>
      )}
      <ul className={cn("flex flex-col gap-0.5", compact && "items-center pt-3")}>{of("tools")}</ul>
      <ul className={cn("mt-auto flex flex-col gap-0.5 pt-4", compact && "items-center")}>
        {of("foot")}
      </ul>
    </>
  );
}

export function Sidebar({ compact }: { compact: boolean }) {
  const { t } = useTranslation();
  return (
    <div
      className={cn(
        "sticky top-0 flex h-dvh flex-col overflow-y-auto border-border border-r bg-canvas py-2 max-md:hidden",
        compact ? "w-14 items-center px-1" : "w-[228px] px-2.5",
      )}
    >
      <WorkspaceMenu compact={compact} />
      <nav aria-label={t("nav.main")} className="flex w-full flex-1 flex-col">
        <Entries compact={compact} />
      </nav>
      <div
        className={cn("mt-2 w-full border-border border-t pt-2", compact && "flex justify-center")}
      >
        <UserMenu compact={compact} />
      </div>
    </div>
  );
}

/** Words that fit a fifth of a phone. */
const SHORT: Partial<Record<Destination["key"], string>> = {
  growth: "nav.growthShort",
  advanced: "nav.clients",
};

export function BottomBar() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const item =
    "flex min-w-16 flex-1 flex-col items-center justify-center gap-1 text-meta text-ink-2 -outline-offset-2 aria-[current=page]:font-semibold aria-[current=page]:text-accent-words [&_svg]:size-5";
  return (
    <>
      <nav
        aria-label={t("nav.main")}
        className="fixed inset-x-0 bottom-0 z-30 flex h-[calc(var(--bottombar)+env(safe-area-inset-bottom))] border-border border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {BAR_DESTINATIONS.map((entry) => {
          const Icon = entry.icon;
          return (
            <Link
              key={entry.key}
              to={entry.to}
              aria-current={isActive(entry, pathname) ? "page" : undefined}
              className={item}
            >
              <Icon aria-hidden />
              {t(SHORT[entry.key] ?? `nav.${entry.key}`)}
            </Link>
          );
        })}
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={open}
          className={item}
          {...Sheet.approach}
          onClick={() => setOpen(true)}
        >
          <MenuIcon aria-hidden />
          {t("nav.more")}
        </button>
      </nav>
      <Sheet open={open} onOpenChange={setOpen} title={t("nav.more")}>
        <div className="flex flex-col gap-3">
          <WorkspaceMenu />
          <nav aria-label={t("nav.more")} className="flex flex-col">
            <Entries onNavigate={() => setOpen(false)} />
          </nav>
          <div className="border-border border-t pt-3">
            <UserMenu />
          </div>
          <LiveIndicator />
        </div>
      </Sheet>
    </>
  );
}

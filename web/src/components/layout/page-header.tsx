/**
 * Top of a page: title and one fact line, filters on the right, tabs under. It also tells the shell
 * what stands in the breadcrumb, in the browser's tab and, on phones, in the top bar.
 */
import { type ReactNode, useEffect, useSyncExternalStore } from "react";

export interface Crumb {
  label: string;
  to?: string;
}
interface PageMeta {
  title: string;
  crumbs: readonly Crumb[];
  back?: string;
}

let meta: PageMeta = { title: "", crumbs: [] };
const listeners = new Set<() => void>();

export function usePageMeta(): PageMeta {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => meta,
  );
}

/** For pages that draw their own header (a client's page): title, crumbs, way back on phones. */
export function useAnnouncePage(title: string, crumbs: readonly Crumb[] = [], back?: string): void {
  const key = JSON.stringify(crumbs);
  useEffect(() => {
    meta = { title, crumbs: JSON.parse(key) as Crumb[], back };
    document.title = title ? `${title} · Essor` : "Essor";
    for (const listener of listeners) listener();
  }, [title, key, back]);
}

export interface PageHeaderProps {
  title: string;
  /** One line of facts: "214 clients actifs · lundi 23 novembre 2026 · mis à jour il y a 4 s". */
  facts?: ReactNode;
  /** Filters and buttons on the right. */
  actions?: ReactNode;
  /** A `LinkTabs`. */
  tabs?: ReactNode;
  /** What stands before the title in the breadcrumb. */
  crumbs?: readonly Crumb[];
  /** Where the arrow of the phone's top bar goes; without it the logo stands there. */
  back?: string;
}

export function PageHeader({ title, facts, actions, tabs, crumbs, back }: PageHeaderProps) {
  useAnnouncePage(title, crumbs, back);
  return (
    <header className="mb-4 max-md:mb-3">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          {/* On phones the top bar shows the title; it stays here for the outline. */}
          <h1 className="font-semibold text-page max-md:sr-only">{title}</h1>
          {facts && <p className="mt-0.5 text-body text-ink-2">{facts}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {tabs && <div className="mt-3 max-md:mt-2">{tabs}</div>}
    </header>
  );
}

/** Main column with a side column of 372 px; one column below 1,200 px. */
export function Columns({ main, side }: { main: ReactNode; side: ReactNode }) {
  return (
    <div className="grid gap-4 max-md:gap-3 xl:grid-cols-[minmax(0,1fr)_372px]">
      <div className="flex min-w-0 flex-col gap-4 max-md:gap-3">{main}</div>
      <div className="flex min-w-0 flex-col gap-4 max-md:gap-3">{side}</div>
    </div>
  );
}

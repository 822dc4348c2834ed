/**
 * Ctrl K: clients, pages, actions and what was opened last. A combobox over one list: the focus
 * stays in the field, arrows move, Enter runs.
 */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  CornerDownLeft,
  Keyboard,
  Languages,
  LogOut,
  Monitor,
  Moon,
  Search,
  Sun,
} from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { type HealthClass, HealthMark } from "@/components/ui/health";
import { Kbd } from "@/components/ui/misc";
import { api, type Narrow, type Schemas } from "@/lib/api";
import { cn } from "@/lib/cn";
import { foundBy } from "@/lib/found";
import { useDebounced } from "@/lib/hooks";
import { useLocale } from "@/lib/i18n";
import { useFormat, usePreferences, useSession } from "@/lib/session";
import { useTheme } from "@/lib/theme";
import { usePageCommands } from "./commands";
import { DESTINATIONS } from "./navigation";
import { useSignOut } from "./session-actions";

type FoundClient = Narrow<Schemas["ClientBody"], { healthClass: HealthClass }>;
interface Entry {
  id: string;
  group: "recent" | "clients" | "pages" | "actions";
  label: string;
  /** Why it was found. */
  hint?: string;
  icon: ReactNode;
  end?: ReactNode;
  run: () => void;
}
interface Recent {
  id: string;
  name: string;
}

/** Accents and case do not matter when one types fast. */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function readRecent(key: string): Recent[] {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "[]") as Recent[]).slice(0, 5);
  } catch {
    return [];
  }
}

export interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onHelp: () => void;
}

export function CommandPalette({ open, onOpenChange, onHelp }: CommandPaletteProps) {
  const { t } = useTranslation();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 flex max-h-[70dvh] w-[min(560px,calc(100vw-24px))] -translate-x-1/2 animate-fade flex-col overflow-hidden rounded-dialog border border-border bg-popover shadow-float max-md:top-3"
        >
          <Radix.Title className="sr-only">{t("palette.title")}</Radix.Title>
          <Palette onClose={() => onOpenChange(false)} onHelp={onHelp} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { workspace } = useSession();
  const theme = useTheme();
  const locale = useLocale();
  const save = usePreferences();
  const signOut = useSignOut();
  const pageCommands = usePageCommands();
  const id = useId();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const recentKey = `essor.recent.${workspace.id}`;
  const recent = useMemo(() => readRecent(recentKey), [recentKey]);
  const asked = useDebounced(query.trim(), 120);

  const found = useQuery({
    queryKey: ["clients", "palette", asked],
    queryFn: ({ signal }) =>
      api.get<Narrow<Schemas["ClientPage"], { items: FoundClient[] }>>(
        "/clients",
        { q: asked, limit: 6, status: "all" },
        { signal },
      ),
    enabled: asked !== "",
    placeholderData: (previous) => previous,
  });

  function openClient(client: Recent) {
    try {
      const next = [client, ...recent.filter((item) => item.id !== client.id)].slice(0, 5);
      localStorage.setItem(
        recentKey,
        JSON.stringify(next.map(({ id: clientId, name }) => ({ id: clientId, name }))),
      );
    } catch {
      // Nothing is remembered when storage is refused.
    }
    void navigate({ to: "/clients/$id", params: { id: client.id } });
  }

  const matches = (label: string) => plain(label).includes(plain(query.trim()));
  const entries: Entry[] = [];
  if (query.trim() === "") {
    for (const client of recent) {
      entries.push({
        id: `recent-${client.id}`,
        group: "recent",
        label: client.name,
        icon: <Avatar id={client.id} name={client.name} size="sm" />,
        run: () => openClient(client),
      });
    }
  } else {
    for (const client of found.data?.items ?? []) {
      entries.push({
        id: `client-${client.id}`,
        group: "clients",
        label: client.name,
        hint: foundBy(client.matched),
        icon: <Avatar id={client.id} name={client.name} size="sm" />,
        end: <HealthMark score={client.health} class={client.healthClass} />,
        run: () => openClient(client),
      });
    }
  }
  for (const page of DESTINATIONS) {
    const Icon = page.icon;
    entries.push({
      id: page.key,
      group: "pages",
      label: t(`nav.${page.key}`),
      icon: <Icon aria-hidden />,
      run: () => void navigate({ to: page.to }),
    });
    for (const tab of page.tabs ?? []) {
      entries.push({
        id: `${page.key}-${tab}`,
        group: "pages",
        label: t("palette.tab", { page: t(`nav.${page.key}`), tab: t(`nav.${tab}`) }),
        icon: <Icon aria-hidden />,
        run: () => void navigate({ to: page.to, search: { tab } as never }),
      });
    }
  }
  for (const command of pageCommands) {
    entries.push({ ...command, group: "actions", icon: command.icon });
  }
  const themes = { light: Sun, dark: Moon, system: Monitor };
  for (const value of ["light", "dark", "system"] as const) {
    if (value === theme) continue;
    const Icon = themes[value];
    entries.push({
      id: `theme-${value}`,
      group: "actions",
      label: t(`palette.${value}`),
      icon: <Icon aria-hidden />,
      run: () => save.mutate({ theme: value }),
    });
  }
  entries.push(
    {
      id: "language",
      group: "actions",
      label: t("palette.language"),
      icon: <Languages aria-hidden />,
      run: () => save.mutate({ locale: locale === "fr" ? "en" : "fr" }),
    },
    {
      id: "shortcuts",
      group: "actions",
      label: t("palette.shortcuts"),
      icon: <Keyboard aria-hidden />,
      run: onHelp,
    },
    {
      id: "sign-out",
      group: "actions",
      label: t("palette.signOut"),
      icon: <LogOut aria-hidden />,
      run: () => signOut.mutate(),
    },
  );
  const shown = entries.filter(
    (entry) => entry.group === "clients" || entry.group === "recent" || matches(entry.label),
  );
  const position = Math.min(active, Math.max(0, shown.length - 1));
  const current = shown[position];

  useEffect(() => {
    document.getElementById(`${id}-${current?.id}`)?.scrollIntoView({ block: "nearest" });
  }, [id, current?.id]);

  function run(entry: Entry) {
    onClose();
    entry.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    const count = shown.length;
    if (event.key === "ArrowDown" && count > 0) setActive((position + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setActive((position - 1 + count) % count);
    else if (event.key === "Enter" && current && !event.nativeEvent.isComposing) run(current);
    else return;
    event.preventDefault();
  }

  const searching = asked !== "" && found.isPending;
  const groups = (["recent", "clients", "pages", "actions"] as const)
    .map((group) => ({ group, items: shown.filter((entry) => entry.group === group) }))
    .filter(({ items }) => items.length > 0);
  return (
    <>
      <div className="flex items-center gap-3 border-border border-b px-4">
        <Search className="size-4 shrink-0 text-ink-3" aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog exists to be typed in
          autoFocus
          role="combobox"
          aria-label={t("palette.title")}
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          value={query}
          placeholder={t("palette.placeholder")}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 bg-transparent text-[1rem] outline-none md:text-card"
        />
        <span aria-hidden>
          <span className="pointer-coarse:hidden">
            <Kbd>{t("palette.escape")}</Kbd>
          </span>
        </span>
      </div>
      <p role="status" className="sr-only">
        {searching
          ? t("palette.searching")
          : t("palette.results", { count: shown.length, n: format.number(shown.length) })}
      </p>
      {found.isError && asked !== "" && (
        <p className="px-4 pt-3 text-critical-text">{t("palette.failed")}</p>
      )}
      {shown.length === 0 && (
        <p className="px-4 py-6 text-center text-ink-2">
          {searching ? t("palette.searching") : t("palette.nothing", { query })}
        </p>
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t("palette.title")}
        className="min-h-0 overflow-y-auto py-1"
      >
        {groups.map(({ group, items }) => (
          <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
            <p id={`${id}-${group}`} className="px-4 pt-2 pb-1 text-ink-3 text-meta">
              {t(`palette.${group}`)}
            </p>
            {items.map((entry) => {
              const selected = entry === current;
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the keyboard
                <div
                  key={entry.id}
                  id={`${id}-${entry.id}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={selected}
                  onPointerMove={() => setActive(shown.indexOf(entry))}
                  onClick={() => run(entry)}
                  className={cn(
                    "flex min-h-10 cursor-pointer items-center gap-3 px-4 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-3",
                    selected && "bg-accent-soft",
                  )}
                >
                  {entry.icon}
                  <span className="min-w-0 flex-1 truncate">
                    {entry.label}
                    {entry.hint && <span className="text-ink-2 text-meta"> · {entry.hint}</span>}
                  </span>
                  {entry.end}
                  {selected && <CornerDownLeft aria-hidden />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </>
  );
}

/** Workspace switcher and user menu. */
import { useRouter } from "@tanstack/react-router";
import { Building2, ChevronsUpDown, FlaskConical, LogOut, Settings2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Avatar, initialsOf } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Menu, MenuItem, MenuLabel, MenuRadioGroup, MenuSeparator } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useLocale } from "@/lib/i18n";
import { usePreferences, useSession } from "@/lib/session";
import { type Theme, useTheme } from "@/lib/theme";
import { Logo } from "./logo";
import { useEnterDemo, useSignOut, useSwitchWorkspace } from "./session-actions";

const block =
  "flex w-full items-center gap-2.5 rounded-control p-1.5 text-left transition-colors duration-120 hover:bg-sunken data-[state=open]:bg-sunken";

export function WorkspaceMenu({ compact }: { compact?: boolean }) {
  const { t } = useTranslation();
  const { workspace, workspaces } = useSession();
  const change = useSwitchWorkspace();
  const enterDemo = useEnterDemo();
  const router = useRouter();
  const noDemo = !workspaces.some((item) => item.isDemo);
  return (
    <Menu
      align="start"
      className="min-w-56"
      trigger={
        <button
          type="button"
          className={cn(block, compact && "w-auto justify-center")}
          aria-label={
            compact
              ? `${t("workspace.current", { name: workspace.name })}. ${t("workspace.switch")}`
              : undefined
          }
        >
          <Logo />
          {!compact && (
            <>
              <span className="min-w-0 flex-1">
                <span className="flex items-center gap-2 font-semibold text-card">
                  {t("product")}
                  {workspace.isDemo && <Badge tone="accent">{t("workspace.demo")}</Badge>}
                </span>
                <span className="block truncate text-ink-2 text-meta">{workspace.name}</span>
              </span>
              <span className="sr-only">. {t("workspace.switch")}</span>
              <ChevronsUpDown className="size-4 shrink-0 text-ink-3" aria-hidden />
            </>
          )}
        </button>
      }
    >
      <MenuRadioGroup
        label={t("workspace.list")}
        value={workspace.id}
        onChange={(id) => id !== workspace.id && change.mutate(id)}
        options={workspaces.map((item) => ({
          value: item.id,
          label: (
            <span className="flex items-center gap-2">
              <Building2 aria-hidden />
              <span className="truncate">{item.name}</span>
              {item.isDemo && <Badge tone="accent">{t("workspace.demo")}</Badge>}
            </span>
          ),
        }))}
      />
      <MenuSeparator />
      <MenuItem
        icon={<Settings2 aria-hidden />}
        onSelect={() =>
          void router.navigate({ to: "/settings/$section", params: { section: "workspaces" } })
        }
      >
        {t("workspace.manage")}
      </MenuItem>
      {noDemo && (
        <MenuItem icon={<FlaskConical aria-hidden />} onSelect={() => enterDemo.mutate()}>
          {t("workspace.tryDemo")}
        </MenuItem>
      )}
    </Menu>
  );
}

export function UserMenu({ compact }: { compact?: boolean }) {
  const { t } = useTranslation();
  const { user, workspace } = useSession();
  const theme = useTheme();
  const locale = useLocale();
  const save = usePreferences();
  const signOut = useSignOut();
  const name = user.name || user.email;
  return (
    <Menu
      align="start"
      side="top"
      className="min-w-52"
      trigger={
        <button
          type="button"
          className={cn(block, compact && "w-auto justify-center")}
          aria-label={compact ? `${initialsOf(name, 2)}. ${t("user.menu", { name })}` : undefined}
        >
          <Avatar id={user.id} name={name} kind="person" />
          {!compact && (
            <span className="min-w-0 flex-1">
              <span className="block truncate font-semibold">{name}</span>
              <span className="block truncate text-ink-2 text-meta">
                {t(`user.role.${workspace.role}`)}
              </span>
            </span>
          )}
        </button>
      }
    >
      {compact && <MenuLabel>{name}</MenuLabel>}
      <MenuRadioGroup<Theme>
        label={t("user.theme")}
        value={theme}
        onChange={(value) => save.mutate({ theme: value })}
        options={(["light", "dark", "system"] as const).map((value) => ({
          value,
          label: t(`user.${value}`),
        }))}
      />
      <MenuSeparator />
      <MenuRadioGroup
        label={t("user.language")}
        value={locale}
        onChange={(value) => save.mutate({ locale: value })}
        options={(["fr", "en"] as const).map((value) => ({
          value,
          label: <span lang={value}>{t(`user.${value}`)}</span>,
        }))}
      />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => signOut.mutate()}>
        {t("user.signOut")}
      </MenuItem>
    </Menu>
  );
}

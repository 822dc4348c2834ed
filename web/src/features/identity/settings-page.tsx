/** Settings: a list on the left, one page each. Pages of other features come from the route. */
import { useParams } from "@tanstack/react-router";
import { Building2, KeyRound, Layers, type LucideIcon, UserRound, Users } from "lucide-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { TextLink } from "@/components/ui/misc";
import { EmptyState } from "@/components/ui/states";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";
import { cn } from "@/lib/cn";
import { useSession } from "@/lib/session";
import { People } from "./settings-people";
import { Profile } from "./settings-profile";
import { Tokens } from "./settings-tokens";
import { WorkspaceSettings } from "./settings-workspace";
import { Workspaces } from "./settings-workspaces";

export interface SettingsSection {
  /** Last word of the address. */
  name: string;
  title: string;
  icon: LucideIcon;
  page: ComponentType;
  /** Takes the whole width. */
  wide?: boolean;
}

/** What stands under the title of a page about the person rather than the workspace. */
const FACTS: Record<string, string> = {
  profile: "settings.factsProfile",
  workspaces: "settings.factsWorkspaces",
};

export function SettingsPage({ more }: { more: readonly SettingsSection[] }) {
  const { t } = useTranslation("identity");
  const { workspace } = useSession();
  const { section } = useParams({ strict: false }) as { section?: string };
  const own = (name: string, icon: LucideIcon, page: ComponentType): SettingsSection => ({
    name,
    title: t(`settings.${name}`),
    icon,
    page,
  });
  const sections = [
    own("profile", UserRound, Profile),
    own("people", Users, People),
    own("tokens", KeyRound, Tokens),
    own("workspace", Building2, WorkspaceSettings),
    ...more,
    own("workspaces", Layers, Workspaces),
  ];
  const current = sections.find(({ name }) => name === section);
  const Page = current?.page;
  return (
    <>
      <PageHeader
        title={current ? current.title : t("settings.title")}
        crumbs={current ? [{ label: t("settings.title"), to: "/settings" }] : []}
        facts={t(FACTS[current?.name ?? ""] ?? "settings.facts", { name: workspace.name })}
      />
      <div className="grid items-start gap-6 max-md:gap-3 lg:grid-cols-[208px_minmax(0,1fr)]">
        <LinkTabs label={t("settings.title")} className="lg:hidden">
          {sections.map(({ name, title }) => (
            <LinkTab key={name} to="/settings/$section" params={{ section: name }}>
              {title}
            </LinkTab>
          ))}
        </LinkTabs>
        <nav aria-label={t("settings.title")} className="flex flex-col gap-0.5 max-lg:hidden">
          {sections.map(({ name, title, icon: Icon }) => (
            <LinkTab
              key={name}
              to="/settings/$section"
              params={{ section: name }}
              className={cn(
                "h-8 gap-2.5 rounded-control px-2.5 after:hidden hover:bg-sunken",
                name === current?.name && "bg-accent-soft text-accent-words hover:bg-accent-soft",
              )}
            >
              <Icon className="size-4 shrink-0" aria-hidden />
              {title}
            </LinkTab>
          ))}
        </nav>
        <div
          className={cn(
            "flex min-w-0 flex-col gap-4 max-md:gap-3",
            current?.wide ? "max-w-[1200px]" : "max-w-[820px]",
          )}
        >
          {Page ? (
            <Page />
          ) : (
            <EmptyState
              title={t("settings.unknown")}
              text={t("settings.unknownText")}
              footer={<TextLink to="/settings">{t("settings.unknownBack")}</TextLink>}
            />
          )}
        </div>
      </div>
    </>
  );
}

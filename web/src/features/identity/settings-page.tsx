/** Settings: a list on the left, one page each. */
import { useParams } from "@tanstack/react-router";
import { Building2, KeyRound, type LucideIcon, UserRound, Users } from "lucide-react";
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

const SECTIONS = ["profile", "people", "tokens", "workspace"] as const;
type OwnSection = (typeof SECTIONS)[number];
const PAGES: Record<OwnSection, { icon: LucideIcon; page: ComponentType }> = {
  profile: { icon: UserRound, page: Profile },
  people: { icon: Users, page: People },
  tokens: { icon: KeyRound, page: Tokens },
  workspace: { icon: Building2, page: WorkspaceSettings },
};

export interface SettingsSection {
  section: string;
  title: string;
  icon: LucideIcon;
  page: ComponentType;
  /** Takes the whole width. */
  wide?: boolean;
}

/** `more`: the sections of other features; routes put them here. */
export function SettingsPage({ more = [] }: { more?: readonly SettingsSection[] }) {
  const { t } = useTranslation("identity");
  const { workspace } = useSession();
  const { section } = useParams({ strict: false }) as { section?: string };
  const sections: SettingsSection[] = [
    ...SECTIONS.map((name) => ({ section: name, title: t(`settings.${name}`), ...PAGES[name] })),
    ...more,
  ];
  const current = sections.find((item) => item.section === section);
  const Page = current?.page;
  return (
    <>
      <PageHeader
        title={current?.title ?? t("settings.title")}
        crumbs={current ? [{ label: t("settings.title"), to: "/settings" }] : []}
        facts={
          section === "profile"
            ? t("settings.factsProfile")
            : t("settings.facts", { name: workspace.name })
        }
      />
      <div className="grid items-start gap-6 max-md:gap-3 lg:grid-cols-[208px_minmax(0,1fr)]">
        <LinkTabs label={t("settings.title")} className="lg:hidden">
          {sections.map((item) => (
            <LinkTab
              key={item.section}
              to="/settings/$section"
              params={{ section: item.section }}
              aria-current={item === current ? "page" : undefined}
            >
              {item.title}
            </LinkTab>
          ))}
        </LinkTabs>
        <nav aria-label={t("settings.title")} className="flex flex-col gap-0.5 max-lg:hidden">
          {sections.map((item) => (
            <LinkTab
              key={item.section}
              to="/settings/$section"
              params={{ section: item.section }}
              aria-current={item === current ? "page" : undefined}
              className={cn(
                "h-8 gap-2.5 rounded-control px-2.5 after:hidden hover:bg-sunken",
                item === current && "bg-accent-soft text-accent-words hover:bg-accent-soft",
              )}
            >
              <item.icon className="size-4 shrink-0" aria-hidden />
              {item.title}
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

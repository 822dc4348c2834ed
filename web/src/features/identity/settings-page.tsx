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
type Section = (typeof SECTIONS)[number];
const PAGES: Record<Section, { icon: LucideIcon; page: ComponentType }> = {
  profile: { icon: UserRound, page: Profile },
  people: { icon: Users, page: People },
  tokens: { icon: KeyRound, page: Tokens },
  workspace: { icon: Building2, page: WorkspaceSettings },
};

export function SettingsPage() {
  const { t } = useTranslation("identity");
  const { workspace } = useSession();
  const { section } = useParams({ strict: false }) as { section?: string };
  const current = SECTIONS.find((name) => name === section);
  const Page = current && PAGES[current].page;
  return (
    <>
      <PageHeader
        title={current ? t(`settings.${current}`) : t("settings.title")}
        crumbs={current ? [{ label: t("settings.title"), to: "/settings" }] : []}
        facts={
          current === "profile"
            ? t("settings.factsProfile")
            : t("settings.facts", { name: workspace.name })
        }
      />
      <div className="grid items-start gap-6 max-md:gap-3 lg:grid-cols-[208px_minmax(0,1fr)]">
        <LinkTabs label={t("settings.title")} className="lg:hidden">
          {SECTIONS.map((name) => (
            <LinkTab key={name} to="/settings/$section" params={{ section: name }}>
              {t(`settings.${name}`)}
            </LinkTab>
          ))}
        </LinkTabs>
        <nav aria-label={t("settings.title")} className="flex flex-col gap-0.5 max-lg:hidden">
          {SECTIONS.map((name) => {
            const Icon = PAGES[name].icon;
            return (
              <LinkTab
                key={name}
                to="/settings/$section"
                params={{ section: name }}
                className={cn(
                  "h-8 gap-2.5 rounded-control px-2.5 after:hidden hover:bg-sunken",
                  name === current && "bg-accent-soft text-accent-words hover:bg-accent-soft",
                )}
              >
                <Icon className="size-4 shrink-0" aria-hidden />
                {t(`settings.${name}`)}
              </LinkTab>
            );
          })}
        </nav>
        <div className="flex min-w-0 max-w-[820px] flex-col gap-4 max-md:gap-3">
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

/** Growth tools: the tabs that there are, handed over by the route. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { LinkTab, LinkTabs } from "@/components/ui/tabs";

export interface Tool {
  tab: string;
  label: string;
  content: () => ReactNode;
}

export function GrowthToolsPage({ tools, chosen }: { tools: readonly Tool[]; chosen: string }) {
  const { t } = useTranslation("journey");
  const { t: words } = useTranslation();
  return (
    <>
      <PageHeader
        title={words("nav.tools")}
        crumbs={[{ label: words("nav.advancedTools") }]}
        facts={t("tools.facts")}
        tabs={
          tools.length > 1 && (
            <LinkTabs label={t("tools.label")}>
              {tools.map((tool) => (
                <LinkTab
                  key={tool.tab}
                  to="/growth-tools"
                  search={{ tab: tool.tab } as never}
                  aria-current={tool.tab === chosen ? "page" : undefined}
                >
                  {tool.label}
                </LinkTab>
              ))}
            </LinkTabs>
          )
        }
      />
      {tools.find((tool) => tool.tab === chosen)?.content()}
    </>
  );
}

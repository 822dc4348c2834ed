/** Growth tools, put together from features that do not know each other. */
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { ChartSkeleton } from "@/components/charts";
import { GrowthToolsPage } from "@/features/journey/growth-tools-page";
import { JourneyTab } from "@/features/journey/journey-tab";
import { useUrlState } from "@/lib/use-url-state";
import type { ToolTab } from "./growth-tools";

const ForecastTool = lazy(async () => ({
  default: (await import("@/features/growth/forecast-tool")).ForecastTool,
}));

export function GrowthToolsView() {
  const { t } = useTranslation();
  const [search] = useUrlState<{ tab?: ToolTab }>();
  return (
    <GrowthToolsPage
      chosen={search.tab ?? "journey"}
      tools={[
        {
          tab: "forecasting",
          label: t("nav.forecasting"),
          content: () => (
            <Suspense fallback={<ChartSkeleton />}>
              <ForecastTool />
            </Suspense>
          ),
        },
        { tab: "journey", label: t("nav.journey"), content: () => <JourneyTab /> },
      ]}
    />
  );
}

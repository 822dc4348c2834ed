/** The tab of forecasts: the chart with its record, objectives, acquisition, cohorts. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Columns } from "@/components/layout/page-header";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { useUrlState } from "@/lib/use-url-state";
import { AcquisitionCard } from "./acquisition";
import { forecastQuery } from "./api";
import { CohortsCard } from "./cohorts";
import { ForecastChart } from "./forecast-chart";
import { ObjectivesCard } from "./objectives";
import { DEFAULT_MONTHS, type GrowthSearch, writeMoves } from "./periods";
import { Reliability } from "./reliability";
import { useSlice } from "./slice";
import { StageSplit } from "./stage-split";

export function ForecastTab() {
  const [search, set] = useUrlState<GrowthSearch>();
  const months = search.months ?? DEFAULT_MONTHS;
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <Columns
        main={
          <ForecastChart
            months={months}
            onOpen={(moves) => set({ moves: writeMoves(moves) }, { push: true })}
          />
        }
        side={<RecordCard months={months} />}
      />
      <StageSplit months={months} />
      <ObjectivesCard />
      <CohortsCard />
      <AcquisitionCard />
    </div>
  );
}

function RecordCard({ months }: { months: number }) {
  const { t } = useTranslation("growth");
  const [{ split }] = useUrlState<GrowthSearch>();
  const { data } = useQuery(forecastQuery(months, useSlice(), split));
  if (!data) return null;
  return (
    <Card aria-labelledby="growth-record">
      <CardHeader
        id="growth-record"
        title={t("forecast.recordTitle")}
        subtitle={t("forecast.recordText")}
      />
      <CardBody>
        <Reliability forecast={data} />
      </CardBody>
    </Card>
  );
}

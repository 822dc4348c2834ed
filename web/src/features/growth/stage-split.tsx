/** MRR and its forecast by stage of the journey. */
import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ExportMenu } from "@/components/charts/export-menu";
import { exportTablePng } from "@/components/charts/export-table";
import { Card, CardHeader } from "@/components/ui/card";
import { StageLink } from "@/components/ui/stage-link";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { pipelineQuery } from "./api";
import type { Months } from "./periods";
import { pipelineCsv } from "./pipeline-csv";
import { useSlice } from "./slice";

export function StageSplit({ months }: { months: Months }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const locale = useLocale();
  const slice = useSlice();
  const table = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery(pipelineQuery(slice, months));
  if (error && !data) {
    return (
      <Card className="p-4">
        <ErrorState title={t("pipeline.error")} error={error} onRetry={() => void refetch()} />
      </Card>
    );
  }
  if (!data) {
    return (
      <Card className="p-4">
        <Loading>
          <Skeleton className="h-56 w-full" />
        </Loading>
      </Card>
    );
  }
  const told = data.forecastDay != null;
  const month = format.month(data.forecastDay);
  const title = told ? t("pipeline.splitTitle", { month }) : t("pipeline.splitNow");
  return (
    <Card aria-labelledby="stage-split">
      <CardHeader
        id="stage-split"
        title={title}
        subtitle={told ? t("pipeline.splitText", { month }) : undefined}
        actions={
          <ExportMenu
            label={t("pipeline.menuSplit")}
            title={title}
            png={(title, name) => exportTablePng(table.current, title, name)}
            csv={() => pipelineCsv(t, format, locale, data)}
          />
        }
      />
      <div ref={table}>
        <Table aria-label={t("pipeline.splitNow")}>
          <thead>
            <tr>
              <Th>{t("pipeline.stage")}</Th>
              <Th end>{t("pipeline.clientsLabel")}</Th>
              <Th end>{t("pipeline.value")}</Th>
              <Th end>{t("pipeline.share")}</Th>
              {told && <Th end>{t("pipeline.forecast", { month })}</Th>}
            </tr>
          </thead>
          <tbody>
            {data.stages.map((stage) => (
              <tr key={stage.key}>
                <th
                  scope="row"
                  className="h-10 whitespace-nowrap border-border border-b px-2 pl-4 text-left font-medium"
                >
                  {stage.label[locale]}
                </th>
                <Td end>
                  <StageLink stage={stage.key} slice={slice}>
                    {format.number(stage.clients)}
                  </StageLink>
                </Td>
                <Td end>{format.money(stage.mrrCents)}</Td>
                <Td end>{format.percentValue(stage.sharePct)}</Td>
                {told && <Td end>{format.money(stage.forecastCents)}</Td>}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </Card>
  );
}

/** MRR and its forecast by stage of the journey. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { useLocale } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { pipelineQuery } from "./api";
import { StageLink } from "./pipeline";
import { useSlice } from "./slice";

export function StageSplit() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const locale = useLocale();
  const { data, error, refetch } = useQuery(pipelineQuery(useSlice()));
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
  return (
    <Card aria-labelledby="stage-split">
      <CardHeader
        id="stage-split"
        title={told ? t("pipeline.splitTitle", { month }) : t("pipeline.splitNow")}
        subtitle={told ? t("pipeline.splitText") : undefined}
      />
      <Table aria-label={t("pipeline.splitNow")}>
        <thead>
          <tr>
            <Th>{t("pipeline.stage")}</Th>
            <Th end>{t("pipeline.clientsLabel")}</Th>
            <Th end>{t("pipeline.value")}</Th>
            <Th end>{t("pipeline.share")}</Th>
            {told && <Th end>{t("pipeline.forecast", { month })}</Th>}
            {told && <Th end>{t("pipeline.change")}</Th>}
          </tr>
        </thead>
        <tbody>
          {data.stages.map((stage) => {
            const change =
              stage.forecastCents == null ? null : stage.forecastCents - stage.mrrCents;
            return (
              <tr key={stage.key}>
                <th
                  scope="row"
                  className="h-10 whitespace-nowrap border-border border-b px-2 pl-4 text-left font-medium"
                >
                  {stage.label[locale]}
                </th>
                <Td end>
                  <StageLink stage={stage.key}>{format.number(stage.clients)}</StageLink>
                </Td>
                <Td end>{format.money(stage.mrrCents)}</Td>
                <Td end>{format.percentValue(stage.sharePct)}</Td>
                {told && <Td end>{format.money(stage.forecastCents)}</Td>}
                {told && (
                  <Td end>
                    <Change value={change} text={format.money(change, { signed: true })} />
                  </Td>
                )}
              </tr>
            );
          })}
        </tbody>
      </Table>
    </Card>
  );
}

/** The figures of the pipeline as a file has them: amounts in units, shares in per cent. */
import type { TFunction } from "i18next";
import type { CsvCell } from "@/lib/download";
import type { Format, Locale } from "@/lib/format";
import type { Pipeline } from "./api";

export function pipelineCsv(
  t: TFunction<"growth">,
  format: Pick<Format, "minorUnits" | "month">,
  locale: Locale,
  pipeline: Pipeline,
): { head: string[]; rows: CsvCell[][] } {
  const minor = format.minorUnits();
  const told = pipeline.forecastDay != null;
  const head = [
    t("pipeline.stage"),
    t("pipeline.clientsLabel"),
    t("pipeline.value"),
    t("pipeline.share"),
    t("pipeline.conversion"),
    t("pipeline.time"),
    t("pipeline.planned"),
    ...(told ? [t("pipeline.forecast", { month: format.month(pipeline.forecastDay) })] : []),
  ];
  const rows = pipeline.stages.map((stage): CsvCell[] => [
    stage.label[locale],
    stage.clients,
    stage.mrrCents / minor,
    stage.sharePct,
    stage.conversionPct,
    stage.medianDays,
    stage.plannedDays,
    ...(told ? [stage.forecastCents == null ? null : stage.forecastCents / minor] : []),
  ]);
  return { head, rows };
}

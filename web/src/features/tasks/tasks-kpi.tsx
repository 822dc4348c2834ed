/** One's own tasks as a figure among others: what is due, and how much of it is late. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card } from "@/components/ui/card";
import { seriesFill } from "@/components/ui/composition-bar";
import { KpiCard, KpiCardSkeleton } from "@/components/ui/kpi-card";
import { TextLink } from "@/components/ui/misc";
import { ErrorState } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { dueQuery } from "./api";

export function TasksKpi() {
  const { t } = useTranslation("tasks");
  const format = useFormat();
  const { data, isError, error, refetch } = useQuery(dueQuery);
  if (!data) {
    return isError ? (
      <Card className="p-4">
        <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />
      </Card>
    ) : (
      <KpiCardSkeleton />
    );
  }
  const { overdue, today, later } = data.counts;
  const due = overdue + today;
  const parts = [
    { key: "overdue", count: overdue, fill: "bg-critical-mark" },
    { key: "today", count: today, fill: seriesFill[1] },
    { key: "later", count: later, fill: "bg-border-strong" },
  ] as const;
  return (
    <KpiCard
      label={t("kpi.label")}
      value={format.number(due)}
      unit={t("kpi.due", { count: due })}
      reference={t("kpi.late", { count: overdue, n: format.number(overdue) })}
      composition={{
        label: t("kpi.parts"),
        parts: parts.map(({ key, count, fill }) => ({
          key,
          label: t(key === "later" ? "kpi.later" : `section.${key}`),
          value: count,
          display: format.number(count),
          fill,
        })),
      }}
      footer={
        <>
          <span>
            {t("section.today")}{" "}
            <span className="tnum font-semibold text-ink">{format.number(today)}</span>
          </span>
          <span>
            {t("kpi.later")}{" "}
            <span className="tnum font-semibold text-ink">{format.number(later)}</span>
          </span>
        </>
      }
      provenance={{
        title: t("kpi.label"),
        formula: t("kpi.formula"),
        parts: parts
          .slice(0, 2)
          .map(({ key, count }) => ({ label: t(`section.${key}`), value: format.number(count) })),
        total: { label: t("kpi.total"), value: format.number(due) },
        links: <TextLink to="/tasks">{t("kpi.all")}</TextLink>,
      }}
    />
  );
}

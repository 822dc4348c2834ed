/** Use of the product by one client: each day, each event. */
import { useQuery } from "@tanstack/react-query";
import { MousePointerClick } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BarChart, ChartSkeleton, LineChart } from "@/components/charts";
import { DataTable } from "@/components/data-table";
import { Card, CardHeader } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { type Days, type Usage, usageQuery } from "./api";

const PERIODS: readonly Days[] = [30, 90, 365];
type Measure = "count" | "users";

export interface UsagePanelProps {
  clientId: string;
  days: Days;
  onDays: (days: Days) => void;
  /** Seats bought, as the client's facts say. */
  seats: number | null;
}

export function UsagePanel({ clientId, days, onDays, seats }: UsagePanelProps) {
  const { t } = useTranslation("usage");
  const { data, error, refetch } = useQuery(usageQuery(clientId, days));
  if (error && !data)
    return <ErrorState title={t("client.error")} error={error} onRetry={() => void refetch()} />;
  if (!data) return <ChartSkeleton />;
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <UsageChart usage={data} days={days} onDays={onDays} seats={data.seats ?? seats} />
      <Events usage={data} />
    </div>
  );
}

function UsageChart({
  usage,
  days,
  onDays,
  seats,
}: {
  usage: Usage;
  days: Days;
  onDays: (days: Days) => void;
  seats: number | null;
}) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>("count");
  const events = usage.days.reduce((sum, day) => sum + day.count, 0);
  const used = usage.days.filter((day) => day.count > 0).length;
  const peak = usage.days.reduce((most, day) => Math.max(most, day.users), 0);
  const span = t(`client.span${days}`);
  const title =
    events === 0
      ? t("client.titleNone", { span })
      : measure === "count"
        ? t("client.titleCount", { count: events, n: format.number(events), span })
        : t("client.titleUsers", { count: peak, n: format.number(peak) });
  const subtitle = [
    t("client.daysUsed", {
      count: used,
      n: format.number(used),
      total: format.number(usage.days.length),
    }),
    seats === null
      ? t("client.noSeats")
      : t("client.seats", { count: seats, n: format.number(seats) }),
  ].join(" · ");
  const chart = {
    title,
    subtitle,
    unit: t(`client.unit.${measure}`),
    points: usage.days.map((day) => ({
      key: day.day,
      label: format.date(day.day),
      tick: format.dayMonth(day.day),
      values: { [measure]: day[measure] },
    })),
    series: [{ key: measure, label: t(`client.measure.${measure}`), color: 1 as const }],
    formatValue: (value: number) => format.number(value),
    pointLabel: t("client.day"),
    actions: (
      <>
        <Segmented
          label={t("client.measureLabel")}
          value={measure}
          onChange={setMeasure}
          options={(["count", "users"] as const).map((value) => ({
            value,
            label: t(`client.measure.${value}`),
          }))}
        />
        <Segmented
          label={t("client.period")}
          value={days}
          onChange={onDays}
          options={PERIODS.map((value) => ({ value, label: t(`client.period${value}`) }))}
        />
      </>
    ),
  };
  // Ninety bars are still bars; a year of them is a curve.
  return days === 365 ? <LineChart {...chart} domain={[0, "auto"]} /> : <BarChart {...chart} />;
}

function Events({ usage }: { usage: Usage }) {
  const { t } = useTranslation("usage");
  const format = useFormat();
  const [sort, setSort] = useState("-count");
  const key = sort.replace("-", "") as "event" | "count" | "users" | "lastDay";
  const sign = sort.startsWith("-") ? -1 : 1;
  const rows = [...usage.events].sort((a, b) => {
    const [left, right] = [a[key], b[key]];
    return (
      sign *
      (typeof left === "number" && typeof right === "number"
        ? left - right
        : String(left).localeCompare(String(right)))
    );
  });
  return (
    <Card aria-labelledby="events">
      <CardHeader
        id="events"
        title={t("client.events", { count: rows.length, n: format.number(rows.length) })}
      />
      <DataTable
        label={t("client.eventsLabel")}
        rows={rows}
        rowKey={(row) => row.event}
        rowLabel={(row) => row.event}
        sort={sort}
        onSort={setSort}
        empty={
          <EmptyState
            level={3}
            icon={<MousePointerClick aria-hidden />}
            title={t("client.none")}
            text={t("client.noneText")}
          />
        }
        columns={[
          {
            key: "event",
            header: t("client.event"),
            sort: "event",
            width: 220,
            className: "font-medium",
            cell: (row) => row.event,
          },
          {
            key: "count",
            header: t("client.count"),
            sort: "count",
            descFirst: true,
            align: "end",
            cell: (row) => format.number(row.count),
          },
          {
            key: "users",
            header: t("client.users"),
            sort: "users",
            descFirst: true,
            align: "end",
            cell: (row) => format.number(row.users),
          },
          {
            key: "last",
            header: t("client.last"),
            sort: "lastDay",
            descFirst: true,
            align: "end",
            cell: (row) => format.relative(row.lastDay),
          },
        ]}
        renderCard={(row) => (
          <div className="flex items-baseline justify-between gap-3">
            <div className="min-w-0">
              <p className="break-words font-medium">{row.event}</p>
              <p className="text-ink-2 text-meta">
                {t("client.people", { count: row.users, n: format.number(row.users) })} ·{" "}
                {format.relative(row.lastDay)}
              </p>
            </div>
            <span className="tnum shrink-0 font-semibold">{format.number(row.count)}</span>
          </div>
        )}
      />
    </Card>
  );
}

/** Subscriptions, the steps of the MRR and its movements. */
import { useQuery } from "@tanstack/react-query";
import { Layers } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ChartSkeleton, LineChart } from "@/components/charts";
import { DataTable } from "@/components/data-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { addDays, daysBetween } from "@/lib/format";
import { useFormat } from "@/lib/session";
import {
  type ClientDetail,
  type Movement,
  movementsQuery,
  type Subscription,
  subscriptionsQuery,
} from "./api";

const TONES: Record<Subscription["status"], Tone> = {
  active: "excellent",
  trial: "accent",
  future: "accent",
  paused: "watch",
  ended: "neutral",
};
const RANK: Record<Subscription["status"], number> = {
  active: 0,
  trial: 1,
  paused: 2,
  future: 3,
  ended: 4,
};

export function byStatus(items: readonly Subscription[]): Subscription[] {
  return [...items].sort(
    (a, b) => RANK[a.status] - RANK[b.status] || b.startDate.localeCompare(a.startDate),
  );
}

export function StatusBadge({ status }: { status: Subscription["status"] }) {
  const { t } = useTranslation("clients");
  return (
    <Badge tone={TONES[status] ?? "neutral"}>{t(`page.subscriptions.status.${status}`)}</Badge>
  );
}

/** Its own currency, for all units and one period: "29 400 € par an". */
export function useAmount() {
  const { t } = useTranslation("clients");
  const format = useFormat();
  return (item: Subscription) =>
    t(`page.subscriptions.per.${item.period}`, {
      amount: format.money(item.amountCents, {
        currency: item.currency,
        exact: item.amountCents % 100 !== 0,
      }),
    });
}

/** When it began and when it ends or ended. */
export function useDates() {
  const { t } = useTranslation("clients");
  const format = useFormat();
  return (item: Subscription) =>
    item.endDate
      ? t("page.subscriptions.fromTo", {
          from: format.date(item.startDate),
          to: format.date(item.endDate),
        })
      : t("page.subscriptions.from", { from: format.date(item.startDate) });
}

export function SubscriptionsTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const amount = useAmount();
  const dates = useDates();
  const query = useQuery(subscriptionsQuery(client.id));
  const movements = useQuery(movementsQuery(client.id));
  const items = byStatus(query.data?.items ?? []);
  return (
    <div className="flex flex-col gap-4 max-md:gap-3">
      <Card aria-labelledby="subscriptions">
        <CardHeader
          id="subscriptions"
          title={
            query.data
              ? t("page.subscriptions.title", {
                  count: client.subscriptionsActive,
                  n: format.number(client.subscriptionsActive),
                  amount: format.money(client.mrrCents),
                })
              : t("page.tabs.subscriptions")
          }
        />
        <DataTable
          label={t("page.tabs.subscriptions")}
          rows={items}
          rowKey={(row) => row.id}
          rowLabel={(row) => row.product}
          rowHeight={45}
          loading={query.isPending}
          error={query.error}
          errorTitle={t("page.subscriptions.error")}
          onRetry={() => void query.refetch()}
          empty={
            <EmptyState
              level={3}
              icon={<Layers aria-hidden />}
              title={t("page.subscriptions.none")}
              text={t("page.subscriptions.noneText")}
            />
          }
          columns={[
            {
              key: "product",
              header: t("page.subscriptions.product"),
              width: 200,
              cell: (row) => (
                <>
                  <span className="block font-medium">{row.product}</span>
                  {row.plan && row.plan !== row.product && (
                    <span className="block text-ink-2 text-meta">{row.plan}</span>
                  )}
                </>
              ),
            },
            {
              key: "status",
              header: t("page.subscriptions.statusHeader"),
              cell: (row) => <StatusBadge status={row.status} />,
            },
            {
              key: "dates",
              header: t("page.subscriptions.dates"),
              className: "whitespace-nowrap",
              cell: dates,
            },
            {
              key: "quantity",
              header: t("page.subscriptions.quantity"),
              align: "end",
              cell: (row) => format.number(row.quantity),
            },
            {
              key: "amount",
              header: t("page.subscriptions.amount"),
              align: "end",
              cell: amount,
            },
            {
              key: "mrr",
              header: t("page.subscriptions.mrr"),
              align: "end",
              className: "font-semibold",
              cell: (row) => (row.mrrCents === 0 ? format.money(null) : format.money(row.mrrCents)),
            },
          ]}
          renderCard={(row) => (
            <div className="flex items-start justify-between gap-3">
              <div className="min-w-0">
                <p className="font-medium">{row.product}</p>
                <p className="text-ink-2 text-meta">
                  {[row.plan, amount(row), row.quantity !== 1 && `× ${format.number(row.quantity)}`]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
                <p className="text-ink-2 text-meta">{dates(row)}</p>
              </div>
              <div className="flex shrink-0 flex-col items-end gap-1">
                <span className="tnum font-semibold">
                  {row.mrrCents === 0 ? format.money(null) : format.money(row.mrrCents)}
                </span>
                <StatusBadge status={row.status} />
              </div>
            </div>
          )}
        />
      </Card>
      {movements.isPending ? (
        <ChartSkeleton />
      ) : movements.error && !movements.data ? (
        <ErrorState
          title={t("page.movements.error")}
          error={movements.error}
          onRetry={() => void movements.refetch()}
        />
      ) : (
        movements.data.points.length > 0 && (
          <>
            <MrrSteps points={movements.data.points} today={format.today()} />
            <MovementsTable items={movements.data.items} />
          </>
        )
      )}
    </div>
  );
}

/** The value of stairs on evenly spaced days, so that lengths on the axis are lengths of time. */
export function stairs(
  points: readonly { day: string; mrrCents: number }[],
  until: string,
): { day: string; cents: number }[] {
  const rows = [...points].sort((a, b) => a.day.localeCompare(b.day));
  const first = rows[0];
  if (!first) return [];
  const from = addDays(first.day, -1);
  const span = Math.max(1, daysBetween(from, until));
  const step = Math.max(1, Math.ceil(span / 180));
  const out: { day: string; cents: number }[] = [];
  let row = 0;
  let cents = 0;
  const put = (day: string) => {
    for (let next = rows[row]; next && next.day <= day; next = rows[row]) {
      cents = next.mrrCents;
      row++;
    }
    out.push({ day, cents });
  };
  for (let day = from; day < until; day = addDays(day, step)) put(day);
  put(until);
  return out;
}

function MrrSteps({
  points,
  today,
}: {
  points: readonly { day: string; mrrCents: number }[];
  today: string;
}) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const rows = stairs(points, today);
  const sorted = [...points].sort((a, b) => a.day.localeCompare(b.day));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return null;
  const steps = points.length;
  return (
    <LineChart
      steps
      title={
        last.mrrCents === 0
          ? t("page.movements.gone", { from: format.money(sorted.at(-2)?.mrrCents ?? 0) })
          : last.mrrCents === first.mrrCents
            ? t("page.movements.steady", { amount: format.money(last.mrrCents) })
            : t("page.movements.fromTo", {
                from: format.money(first.mrrCents),
                to: format.money(last.mrrCents),
              })
      }
      subtitle={t("page.movements.subtitle", {
        count: steps,
        n: format.number(steps),
        day: format.date(first.day),
      })}
      unit={t("page.movements.unit", { symbol: format.currencySymbol() })}
      points={rows.map((row) => ({
        key: row.day,
        label: format.date(row.day),
        tick:
          rows.length > 120
            ? `${format.monthShort(row.day)}\u00a0${row.day.slice(2, 4)}`
            : format.dayMonth(row.day),
        values: { mrr: row.cents },
      }))}
      series={[{ key: "mrr", label: t("page.facts.mrr"), color: 1 }]}
      domain={[0, "auto"]}
      formatValue={(value) => format.money(value)}
      formatAxis={(value) => format.moneyCompact(value)}
      csvScale={0.01}
      pointLabel={t("page.movements.day")}
      height={220}
    />
  );
}

function MovementsTable({ items }: { items: readonly Movement[] }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const delta = (row: Movement) => (
    <Change value={row.deltaCents} text={format.money(row.deltaCents, { signed: true })} />
  );
  return (
    <Card aria-labelledby="movements">
      <CardHeader id="movements" title={t("page.movements.title")} />
      <DataTable
        label={t("page.movements.title")}
        rows={[...items].sort((a, b) => b.day.localeCompare(a.day))}
        rowKey={(row) => row.day + row.kind}
        rowLabel={(row) => format.date(row.day)}
        columns={[
          {
            key: "day",
            header: t("page.movements.day"),
            width: 140,
            className: "whitespace-nowrap",
            cell: (row) => format.date(row.day),
          },
          {
            key: "kind",
            header: t("page.movements.kindHeader"),
            cell: (row) => t(`page.movements.kind.${row.kind}`),
          },
          { key: "delta", header: t("page.movements.delta"), align: "end", cell: delta },
          {
            key: "after",
            header: t("page.movements.after"),
            align: "end",
            cell: (row) => format.money(row.mrrAfterCents),
          },
        ]}
        renderCard={(row) => (
          <div className="flex items-baseline justify-between gap-3">
            <div>
              <p className="font-medium">{t(`page.movements.kind.${row.kind}`)}</p>
              <p className="text-ink-2 text-meta">{format.date(row.day)}</p>
            </div>
            <div className="text-right">
              {delta(row)}
              <p className="tnum text-ink-2 text-meta">
                {t("page.movements.afterShort", { amount: format.money(row.mrrAfterCents) })}
              </p>
            </div>
          </div>
        )}
      />
    </Card>
  );
}

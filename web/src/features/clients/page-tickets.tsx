/** Support tickets: priority, age or delay of closing, satisfaction. */
import { useQuery } from "@tanstack/react-query";
import { Ticket as TicketIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { DataTable } from "@/components/data-table";
import { Badge, type Tone } from "@/components/ui/badge";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/states";
import { useFormat } from "@/lib/session";
import { type ClientDetail, type Ticket, ticketsQuery } from "./api";

const PRIORITY: Record<Ticket["priority"], Tone> = {
  urgent: "critical",
  high: "watch",
  normal: "neutral",
  low: "neutral",
};

/** Hours up to two days, then days. */
export function duration(from: string, to: string): { unit: "hours" | "days"; value: number } {
  const hours = Math.max(0, (Date.parse(to) - Date.parse(from)) / 3_600_000);
  return hours < 48
    ? { unit: "hours", value: Math.max(1, Math.round(hours)) }
    : { unit: "days", value: Math.floor(hours / 24) };
}

export function TicketsTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const query = useQuery(ticketsQuery(client.id));
  const rows = query.data?.items ?? [];
  const total = query.data?.items.length;
  const delay = (row: Ticket) => {
    const { unit, value } = duration(row.openedAt, row.closedAt ?? new Date().toISOString());
    const length = t(`page.tickets.${unit}`, { count: value, n: format.number(value) });
    return t(row.status === "closed" ? "page.tickets.closedIn" : "page.tickets.openFor", {
      length,
    });
  };
  const priority = (row: Ticket) => (
    <Badge tone={PRIORITY[row.priority] ?? "neutral"}>
      {t(`page.timeline.priority.${row.priority}`)}
    </Badge>
  );
  const mark = (row: Ticket) =>
    row.satisfaction == null
      ? format.number(null)
      : t("page.tickets.outOf5", { n: format.number(row.satisfaction, { digits: 1 }) });
  return (
    <Card aria-labelledby="tickets">
      <CardHeader
        id="tickets"
        title={t("page.tickets.title", {
          count: client.openTickets,
          n: format.number(client.openTickets),
        })}
        subtitle={
          total === undefined
            ? undefined
            : t("page.tickets.total", { count: total, n: format.number(total) })
        }
      />
      <DataTable
        label={t("page.tabs.tickets")}
        rows={rows}
        rowKey={(row) => row.id}
        rowLabel={(row) => row.subject ?? row.externalId}
        rowHeight={45}
        total={total}
        loading={query.isPending}
        error={query.error}
        errorTitle={t("page.tickets.error")}
        onRetry={() => void query.refetch()}
        empty={
          <EmptyState
            level={3}
            icon={<TicketIcon aria-hidden />}
            title={t("page.tickets.none")}
            text={t("page.tickets.noneText")}
          />
        }
        columns={[
          {
            key: "subject",
            header: t("page.tickets.subject"),
            width: 240,
            cell: (row) => (
              <>
                <span className="block max-w-96 truncate font-medium">
                  {row.subject ?? t("page.tickets.noSubject")}
                </span>
                <span className="block text-ink-3 text-meta">{row.externalId}</span>
              </>
            ),
          },
          { key: "priority", header: t("page.tickets.priority"), cell: priority },
          {
            key: "status",
            header: t("page.tickets.status"),
            cell: (row) => t(`page.tickets.state.${row.status}`),
          },
          {
            key: "opened",
            header: t("page.tickets.opened"),
            className: "whitespace-nowrap",
            cell: (row) => format.date(row.openedAt),
          },
          {
            key: "delay",
            header: t("page.tickets.delay"),
            className: "whitespace-nowrap",
            cell: delay,
          },
          { key: "satisfaction", header: t("page.tickets.satisfaction"), align: "end", cell: mark },
        ]}
        renderCard={(row) => (
          <div className="flex items-start justify-between gap-3">
            <div className="min-w-0">
              <p className="break-words font-medium">
                {row.subject ?? t("page.tickets.noSubject")}
              </p>
              <p className="text-ink-2 text-meta">
                {delay(row)}
                {row.satisfaction != null && ` · ${t("page.tickets.satisfaction")} ${mark(row)}`}
              </p>
            </div>
            {priority(row)}
          </div>
        )}
      />
    </Card>
  );
}

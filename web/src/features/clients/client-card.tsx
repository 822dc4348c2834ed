/** What a client looks like in the list: its cells in the table, and one card on phones. */
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { HealthMark } from "@/components/ui/health";
import { RelativeTime } from "@/components/ui/misc";
import { cn } from "@/lib/cn";
import { foundBy } from "@/lib/found";
import { useFlash } from "@/lib/live";
import { useFormat } from "@/lib/session";
import type { ListedClient } from "./api-list";
import { riskText } from "./client-list-risk";

/** Tints what it holds when the value behind it changes. */
export function Live({ value, children }: { value: unknown; children: ReactNode }) {
  return <span className={cn("inline-block", useFlash(value))}>{children}</span>;
}

/** Why a search found it, its status when it is not simply active, then its segment. */
export function useSecondLine(client: ListedClient): string {
  const { t } = useTranslation("clients");
  return [
    foundBy(client.matched),
    client.status === "active" ? "" : t(`list.status.${client.status}`),
    client.segment ?? t("list.noSegment"),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function ClientName({ client }: { client: ListedClient }) {
  const second = useSecondLine(client);
  return (
    <span className="flex w-44 items-center gap-2.5 2xl:w-56">
      <Avatar id={client.id} name={client.name} size="sm" />
      <span className="min-w-0">
        <Link
          to="/clients/$id"
          params={{ id: client.id }}
          // The row itself opens by Enter: one stop per row is enough.
          tabIndex={-1}
          title={client.name}
          className="block truncate font-medium underline-offset-4 hover:underline"
        >
          {client.name}
        </Link>
        <span className="block truncate text-ink-3 text-meta">{second}</span>
      </span>
    </span>
  );
}

export function ClientHealth({ client }: { client: ListedClient }) {
  return (
    <Live value={client.health}>
      <HealthMark
        score={client.health}
        class={client.healthClass}
        coverage={client.healthCoverage}
      />
    </Live>
  );
}

export function ClientRisk({ client }: { client: ListedClient }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  if (!client.topRisk) {
    return (
      <span className="text-ink-3">
        <span aria-hidden>{format.number(null)}</span>
        <span className="sr-only">{t("list.risk.none")}</span>
      </span>
    );
  }
  const words = riskText(t, format, client.topRisk);
  return (
    <span title={words} className="block max-w-full">
      <Badge
        tone={client.healthClass === "critical" ? "critical" : "watch"}
        icon={<TriangleAlert aria-hidden />}
        className="shrink"
      >
        {words}
      </Badge>
    </span>
  );
}

export function ClientOwner({ client }: { client: ListedClient }) {
  const format = useFormat();
  if (!client.owner) return <span className="text-ink-3">{format.number(null)}</span>;
  return (
    <span className="flex max-w-40 items-center gap-2">
      {/* The whole name is worth more than its initials where there is room for one of them. */}
      <span className="max-2xl:hidden">
        <Avatar id={client.owner} name={client.owner} kind="person" size="sm" />
      </span>
      <span className="truncate" title={client.owner}>
        {client.owner}
      </span>
    </span>
  );
}

/** Last activity: how long ago within a week, then the day, with its year when that is another. */
export function ClientSeen({ client }: { client: ListedClient }) {
  const format = useFormat();
  const at = client.lastSeenAt;
  if (!at || Date.now() - Date.parse(at) < 7 * 86_400_000) return <RelativeTime at={at} />;
  const sameYear = at.slice(0, 4) === format.today().slice(0, 4);
  return (
    <time dateTime={at} title={format.dateTime(at)}>
      {sameYear ? format.dayMonth(at) : format.date(at)}
    </time>
  );
}

/** On phones: who, why it matters, how well, how much. */
export function ClientCard({ client }: { client: ListedClient }) {
  const format = useFormat();
  const second = useSecondLine(client);
  return (
    <span className="flex items-start gap-3">
      <Avatar id={client.id} name={client.name} />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline justify-between gap-3">
          <span className="truncate font-medium">{client.name}</span>
          <ClientHealth client={client} />
        </span>
        <span className="flex items-baseline justify-between gap-3">
          <span className="truncate text-ink-2 text-meta">{second}</span>
          <Live value={client.mrrCents}>
            <span className="tnum whitespace-nowrap">{format.money(client.mrrCents)}</span>
          </Live>
        </span>
        {client.topRisk && (
          <span className="mt-1.5 block">
            <ClientRisk client={client} />
          </span>
        )}
      </span>
    </span>
  );
}

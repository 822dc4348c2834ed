/** One fact of one client, as its kind is shown. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Change } from "@/components/ui/change";
import { type HealthClass, HealthGlyph, HealthMark } from "@/components/ui/health";
import { RelativeTime } from "@/components/ui/misc";
import { cn } from "@/lib/cn";
import { daysBetween } from "@/lib/format";
import { useFlash } from "@/lib/live";
import { useFormat } from "@/lib/session";
import type { Client, Fact, FactValue } from "./api";
import { CHANGES, choiceLabel, PERCENTS, valueText } from "./words";

/** Tints what it holds when the value behind it changes. */
function Live({ value, children }: { value: unknown; children: ReactNode }) {
  return <span className={cn("inline-block", useFlash(value))}>{children}</span>;
}

const NotThere = () => <span className="text-ink-3">{useFormat().number(null)}</span>;

export function NameCell({ client }: { client: Client }) {
  const { t } = useTranslation("advanced");
  return (
    <span className="flex min-w-0 items-center gap-2.5">
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
        <span className="block truncate text-ink-3 text-meta">{secondLine(t, client)}</span>
      </span>
    </span>
  );
}

/** Status, when it is not simply active, then where the client is found. */
export function secondLine(t: ReturnType<typeof useTranslation>["t"], client: Client): string {
  return [
    client.status === "active" ? "" : choiceLabel(t, "status", client.status),
    client.domain ?? client.segment ?? t("cell.noSegment"),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function Health({ client }: { client: Client }) {
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

/** The score, and what it gained or lost in thirty days. */
function HealthCell({ client }: { client: Client }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const change = client.healthChange30d;
  return (
    <span className="flex items-center gap-2.5">
      <Health client={client} />
      {change != null && change !== 0 && (
        <span title={t("cell.change30")}>
          <Change value={change} text={format.number(change, { signed: true })} />
        </span>
      )}
    </span>
  );
}

export function FactCell({ fact, client }: { fact: Fact; client: Client }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const value: FactValue | undefined = client.facts?.[fact.key];
  if (fact.key === "health") return <HealthCell client={client} />;
  if (value === null || value === undefined || value === "") return <NotThere />;
  const written = valueText(t, format, fact, value);
  if (typeof value === "number") {
    if (CHANGES.has(fact.key)) {
      const text = PERCENTS.has(fact.key)
        ? format.percentValue(value, { signed: true, fixed: true })
        : format.number(value, { signed: true, digits: 1 });
      return <Change value={value} text={text} />;
    }
    return <Live value={value}>{written}</Live>;
  }
  if (Array.isArray(value)) return <Words fact={fact} values={value} />;
  if (typeof value === "boolean") return <>{written}</>;
  switch (fact.kind) {
    case "person":
      return (
        <span className="flex min-w-0 items-center gap-2" title={value}>
          <Avatar id={value} name={value} kind="person" size="sm" />
          <span className="truncate">{value}</span>
        </span>
      );
    case "instant":
      return <RelativeTime at={value} />;
    case "day":
      return <Day fact={fact} day={value} />;
    case "url":
      return <Address url={value} />;
    case "choice":
      if (fact.key === "health_class") {
        return (
          <span className="flex items-center gap-1.5">
            <HealthGlyph of={value as HealthClass} />
            {written}
          </span>
        );
      }
      return <span className="block truncate">{written}</span>;
    default:
      return (
        <span className="block truncate" title={written}>
          {written}
        </span>
      );
  }
}

/** A renewal that comes soon says how soon. */
const SOON = 30;

function Day({ fact, day }: { fact: Fact; day: string }) {
  const format = useFormat();
  const left = daysBetween(format.today(), day);
  return (
    <span className="whitespace-nowrap">
      {format.date(day)}
      {fact.key === "renewal" && left >= 0 && (
        <span className={cn("ml-1.5", left <= SOON ? "text-watch-text" : "text-ink-3")}>
          {format.daysLeft(day)}
        </span>
      )}
    </span>
  );
}

/** Only what a browser opens as a page is a link. */
function Address({ url }: { url: string }) {
  const shown = url.replace(/^https?:\/\/(www\.)?/, "").replace(/\/$/, "");
  if (!/^https?:\/\//i.test(url)) return <span className="block truncate">{url}</span>;
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      tabIndex={-1}
      title={url}
      className="block truncate text-accent-words underline-offset-4 hover:underline"
    >
      {shown}
    </a>
  );
}

function Words({ fact, values }: { fact: Fact; values: readonly string[] }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  if (values.length === 0) return <NotThere />;
  const words = values.map((value) => choiceLabel(t, fact.key, value));
  return (
    <span className="flex min-w-0 items-center gap-1" title={words.join(", ")}>
      {words.slice(0, 2).map((word) => (
        <Badge key={word} className="shrink">
          {word}
        </Badge>
      ))}
      {words.length > 2 && (
        <span className="text-ink-3 text-meta">+{format.number(words.length - 2)}</span>
      )}
    </span>
  );
}

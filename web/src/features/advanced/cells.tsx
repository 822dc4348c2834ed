/**
 * One fact of one client, as its kind is shown. Words and formats come from the list: hundreds of
 * cells come and go while one scrolls, and none of them listens to anything by itself.
 */
import { Link } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Change } from "@/components/ui/change";
import { type HealthClass, HealthGlyph, HealthMark } from "@/components/ui/health";
import { RelativeTime } from "@/components/ui/misc";
import { cn } from "@/lib/cn";
import { daysBetween, type Format } from "@/lib/format";
import { foundBy } from "@/lib/found";
import { useFlash } from "@/lib/live";
import type { Client, Fact, FactValue } from "./api";
import { CHANGES, choiceLabel, PERCENTS, valueText } from "./words";

/** Tints what it holds when the value behind it changes. */
function Live({ value, children }: { value: unknown; children: ReactNode }) {
  return <span className={cn("inline-block", useFlash(value))}>{children}</span>;
}

/** What cells write with. */
export interface Pen {
  t: TFunction;
  format: Format;
}

const NotThere = ({ format }: Pick<Pen, "format">) => (
  <span className="text-ink-3">{format.number(null)}</span>
);

export function NameCell({ client, t }: { client: Client } & Pick<Pen, "t">) {
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

/** Why a search found it, its status when it is not simply active, then where it is found. */
export function secondLine(t: TFunction, client: Client): string {
  return [
    foundBy(client.matched),
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
function HealthCell({ client, t, format }: { client: Client } & Pen) {
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

export function FactCell({ fact, client, t, format }: { fact: Fact; client: Client } & Pen) {
  const value: FactValue | undefined = client.facts?.[fact.key];
  if (fact.key === "health") return <HealthCell client={client} t={t} format={format} />;
  if (value === null || value === undefined || value === "") return <NotThere format={format} />;
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
  if (Array.isArray(value)) return <Words fact={fact} values={value} t={t} format={format} />;
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
      // What is long past does not age on screen.
      return Date.now() - Date.parse(value) < WEEK ? <RelativeTime at={value} /> : written;
    case "day":
      return <Day fact={fact} day={value} format={format} />;
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
const WEEK = 7 * 86_400_000;

/** Days that something is to be ready by: how many are left is said beside. */
const COUNTED: ReadonlySet<string> = new Set([
  "renewal",
  "journey.next_milestone",
  "journey.expected_end",
]);

function Day({ fact, day, format }: { fact: Fact; day: string } & Pick<Pen, "format">) {
  const left = daysBetween(format.today(), day);
  return (
    <span className="whitespace-nowrap">
      {format.date(day)}
      {COUNTED.has(fact.key) && (left >= 0 || fact.key !== "renewal") && (
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

function Words({ fact, values, t, format }: { fact: Fact; values: readonly string[] } & Pen) {
  if (values.length === 0) return <NotThere format={format} />;
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

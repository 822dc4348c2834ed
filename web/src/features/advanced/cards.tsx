/** The same clients as cards: two lines with a box on phones, a grid where there is room. Only those in sight are drawn. */

import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/components/ui/avatar";
import { Skeleton } from "@/components/ui/states";
import { Checkbox } from "@/components/ui/toggles";
import { cn } from "@/lib/cn";
import { useMediaQuery, usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import type { Client, Fact } from "./api";
import { FactCell, Health, secondLine } from "./cells";
import type { ColumnChoice } from "./columns";
import { factLabel } from "./words";

/** Heights in px, gap included. */
const LINE = 65;
const CARD = 172;
/** Facts on a card, beside its health and its MRR. */
const MOST = 3;

export interface CardsProps {
  label: string;
  rows: readonly Client[];
  columns: readonly ColumnChoice[];
  facts: ReadonlyMap<string, Fact>;
  has: (client: Client) => boolean;
  /** Absent where nothing can be done with a selection. */
  onToggle: ((index: number) => void) | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  onLoadMore: () => void;
  onRange: (first: number, last: number) => void;
}

export function ClientCards(props: CardsProps) {
  const { rows, hasMore, loadingMore, onLoadMore, onRange } = props;
  const phone = usePhone();
  const wide = useMediaQuery("(min-width: 1400px)");
  const across = phone ? 1 : wide ? 4 : 3;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // What stands above may grow: filters in several lines, a run that goes on.
  useLayoutEffect(() => {
    const measure = () => {
      const box = list.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const virtual = useWindowVirtualizer({
    count: Math.ceil(rows.length / across),
    estimateSize: () => (phone ? LINE : CARD),
    overscan: 6,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height for each shape
  useEffect(() => virtual.measure(), [phone]);
  const lines = virtual.getVirtualItems();
  const first = (lines[0]?.index ?? 0) * across;
  const last = ((lines.at(-1)?.index ?? 0) + 1) * across - 1;
  useEffect(() => onRange(first, last), [onRange, first, last]);
  useEffect(() => {
    if (hasMore && !loadingMore && rows.length > 0 && last >= rows.length - 20) onLoadMore();
  }, [hasMore, loadingMore, last, rows.length, onLoadMore]);
  return (
    <>
      <ul
        ref={list}
        aria-label={props.label}
        className={cn("relative", phone ? "rounded-card border border-border bg-surface" : "-mr-3")}
        style={{ height: virtual.getTotalSize() }}
      >
        {lines.flatMap((line) =>
          rows.slice(line.index * across, (line.index + 1) * across).map((client, at) => (
            <li
              key={client.id}
              className={cn("absolute", phone ? "inset-x-0" : "pr-3 pb-3")}
              style={{
                top: 0,
                height: phone ? LINE : CARD,
                transform: `translateY(${line.start - top}px)`,
                ...(phone ? {} : { left: `${(100 * at) / across}%`, width: `${100 / across}%` }),
              }}
            >
              {phone ? (
                <TwoLines {...props} client={client} index={line.index * across + at} />
              ) : (
                <WideCard {...props} client={client} index={line.index * across + at} />
              )}
            </li>
          )),
        )}
      </ul>
      {loadingMore && <Skeleton className="mt-3 h-10 w-full" />}
    </>
  );
}

interface OneCard extends CardsProps {
  client: Client;
  index: number;
}

function CardBox({ client, index, has, onToggle }: OneCard) {
  const { t } = useTranslation("advanced");
  if (!onToggle) return null;
  return (
    <Checkbox
      hideLabel
      checked={has(client)}
      label={t("select.one", { name: client.name })}
      onChange={() => onToggle(index)}
    />
  );
}

function TwoLines(props: OneCard) {
  const { client, has } = props;
  const { t } = useTranslation("advanced");
  const format = useFormat();
  return (
    <div
      className={cn(
        "flex h-full items-center gap-3 border-border border-b px-4",
        has(client) && "bg-accent-soft",
      )}
    >
      <CardBox {...props} />
      <Link
        to="/clients/$id"
        params={{ id: client.id }}
        className="min-w-0 flex-1 -outline-offset-2"
      >
        <span className="flex items-baseline justify-between gap-3">
          <span className="truncate font-medium">{client.name}</span>
          <Health client={client} />
        </span>
        <span className="flex items-baseline justify-between gap-3 text-ink-2 text-meta">
          <span className="truncate">{secondLine(t, client)}</span>
          <span className="tnum whitespace-nowrap text-body text-ink">
            {format.money(client.mrrCents)}
          </span>
        </span>
      </Link>
    </div>
  );
}

/** Shown on the card whatever the columns are. */
const ALWAYS = new Set(["name", "health", "mrr"]);

function WideCard(props: OneCard) {
  const { client, columns, facts, has } = props;
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const more = columns
    .filter(({ key }) => !ALWAYS.has(key))
    .map(({ key }) => facts.get(key))
    .filter((fact): fact is Fact => fact !== undefined)
    .slice(0, MOST);
  return (
    <div
      className={cn(
        "flex h-full flex-col rounded-card border border-border bg-surface p-3.5",
        has(client) && "border-accent bg-accent-soft",
      )}
    >
      <div className="flex items-start gap-2.5">
        <CardBox {...props} />
        <Avatar id={client.id} name={client.name} />
        <div className="min-w-0 flex-1">
          <Link
            to="/clients/$id"
            params={{ id: client.id }}
            title={client.name}
            className="block truncate font-medium underline-offset-4 hover:underline"
          >
            {client.name}
          </Link>
          <p className="truncate text-ink-3 text-meta">{secondLine(t, client)}</p>
        </div>
        <Health client={client} />
      </div>
      <dl className="mt-auto flex flex-col gap-0.5 pt-2 text-meta">
        <div className="flex items-baseline justify-between gap-3">
          <dt className="text-ink-3">{t("fact.mrr")}</dt>
          <dd className="tnum font-semibold text-body">{format.money(client.mrrCents)}</dd>
        </div>
        {more.map((fact) => (
          <div key={fact.key} className="flex min-w-0 items-baseline justify-between gap-3">
            <dt className="shrink-0 text-ink-3">{factLabel(t, fact)}</dt>
            <dd className="min-w-0 truncate">
              <FactCell fact={fact} client={client} t={t} format={format} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

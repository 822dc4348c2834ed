/** One entry: its sentence, and on opening what changed and how it came. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import type { AuditSearch, Entry } from "./api";
import { fieldText, HIDDEN, sentence, valueText, whoText } from "./words";

export function EntryRow({
  entry,
  limit,
}: {
  entry: Entry;
  /** Limits the log to what this entry is about, or to who made it. */
  limit: (patch: Partial<AuditSearch>) => void;
}) {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex w-full items-start gap-3 px-4 py-2.5 text-left transition-colors duration-120 hover:bg-sunken"
      >
        <ChevronRight
          className={cn(
            "mt-0.5 size-4 shrink-0 text-ink-3 transition-transform duration-120",
            open && "rotate-90",
          )}
          aria-hidden
        />
        <span className="min-w-0 flex-1 break-words">{sentence(format, entry)}</span>
        <time dateTime={entry.at} className="tnum shrink-0 text-ink-2">
          {format.time(entry.at)}
        </time>
      </button>
      {open && (
        <section
          id={id}
          aria-label={t("detail.open", { n: format.number(entry.seq) })}
          className="flex flex-col gap-3 px-4 pt-1 pb-4 md:pl-11"
        >
          <Changes entry={entry} />
          <Came entry={entry} />
          <div className="flex flex-wrap gap-2">
            {entry.objectId && (
              <Button size="sm" onClick={() => limit({ object: entry.objectId ?? undefined })}>
                {entry.objectName ? t("onlyAbout", { name: entry.objectName }) : t("onlyAboutIt")}
              </Button>
            )}
            {entry.actorId && (
              <Button size="sm" onClick={() => limit({ person: entry.actorId ?? undefined })}>
                {t("onlyBy", { name: whoText(entry) })}
              </Button>
            )}
          </div>
        </section>
      )}
    </li>
  );
}

function Changes({ entry }: { entry: Entry }) {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const { before, after } = entry;
  if (entry.erasedAt) {
    return <p className="text-ink-2">{t("detail.erased", { day: format.date(entry.erasedAt) })}</p>;
  }
  const all = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const fields = [...all].filter((field) => !HIDDEN.has(field));
  if (fields.length === 0) return <p className="text-ink-2">{t("detail.nothing")}</p>;
  const both = Boolean(before && after);
  return (
    <div className="rounded-control border border-border">
      <Table aria-label={t("detail.open", { n: format.number(entry.seq) })}>
        <thead>
          <tr>
            <Th>{t("detail.field")}</Th>
            {both ? (
              <>
                <Th>{t("detail.before")}</Th>
                <Th>{t("detail.after")}</Th>
              </>
            ) : (
              <Th>{t("detail.value")}</Th>
            )}
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <th
                scope="row"
                className="border-border border-b py-2 pr-2 pl-4 text-left align-top font-normal text-ink-2"
              >
                {fieldText(format, field)}
              </th>
              {[before, after].map(
                (side, index) =>
                  side && (
                    // biome-ignore lint/suspicious/noArrayIndexKey: two sides, always the same
                    <Td key={index} className="h-auto break-words py-2 align-top">
                      {valueText(format, field, side[field], side)}
                    </Td>
                  ),
              )}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** How it came: for whoever follows a trace. */
function Came({ entry }: { entry: Entry }) {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const facts: [string, ReactNode][] = [
    [t("detail.number"), format.number(entry.seq)],
    [t("detail.came"), t(`origin.${entry.origin}`)],
    ...(entry.address ? [[t("detail.address"), entry.address] as [string, ReactNode]] : []),
    ...(entry.userAgent ? [[t("detail.agent"), entry.userAgent] as [string, ReactNode]] : []),
    ...(entry.requestId
      ? [[t("detail.request"), <Code key="request">{entry.requestId}</Code>] as [string, ReactNode]]
      : []),
    [t("detail.hash"), <Code key="hash">{entry.hash}</Code>],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-meta">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <span className="break-all font-mono">{children}</span>;
}

/** How well the profile would have foretold who left: before, and as it would be; then by version. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Change } from "@/components/ui/change";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { cn } from "@/lib/cn";
import { useDelayed } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import type { Foresight, Preview, Version } from "./api-profiles";

export interface EffectProps {
  preview: Preview | undefined;
  busy: boolean;
  /** Whether the draft can be tried at all. */
  valid: boolean;
  /** Whether the draft is what is in force. */
  same: boolean;
  error: unknown;
  onRetry: () => void;
}

export function ProfileForesight({
  preview,
  busy,
  valid,
  same,
  error,
  version,
  onRetry,
}: EffectProps & { version: Version }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const waiting = useDelayed(busy);
  const before = preview?.versions.find((item) => item.version === version.version);
  const after = preview?.draft;
  const auc = (of: Foresight | undefined) => format.number(of?.auc, { digits: 2, fixed: true });
  const days = (of: Foresight | undefined) =>
    of?.leadDays == null
      ? format.number(null)
      : t("foresight.days", { count: of.leadDays, n: format.number(of.leadDays) });
  const title =
    !valid || !after
      ? t("foresight.title")
      : after.auc == null
        ? t("foresight.notYet")
        : same || before?.auc == null
          ? t("foresight.now", { n: format.number(after.auc * 100) })
          : t("foresight.change", { before: auc(before), after: auc(after) });
  return (
    <Card aria-labelledby="foresight">
      <CardHeader
        id="foresight"
        title={title}
        subtitle={t(valid ? "foresight.text" : "effect.fix")}
      />
      <CardBody aria-busy={busy || undefined}>
        {error && !preview ? (
          <ErrorState title={t("effect.error")} error={error} onRetry={onRetry} />
        ) : !after ? (
          valid && (
            <Loading>
              <Skeleton className="h-14 w-full" />
            </Loading>
          )
        ) : (
          // The effect of the last draft that could be tried stays, without its colours.
          <div
            className={cn(
              "transition-opacity duration-120",
              waiting && "opacity-60",
              !valid && "grayscale",
            )}
          >
            <dl className="grid gap-px overflow-hidden rounded-control border border-border bg-border sm:grid-cols-3">
              <Figure
                term={t("foresight.auc")}
                before={same ? undefined : auc(before)}
                after={auc(after)}
                change={
                  same || after.auc == null || before?.auc == null
                    ? undefined
                    : Math.round((after.auc - before.auc) * 100) / 100
                }
                write={(value) => format.number(value, { digits: 2, signed: true })}
                note={
                  after.auc == null
                    ? t("foresight.verify", {
                        left: format.number(after.churned),
                        stayed: format.number(after.stayed),
                      })
                    : t("foresight.cases", {
                        left: format.number(after.churned),
                        stayed: format.number(after.stayed),
                      })
                }
              />
              <Figure
                term={t("foresight.lead")}
                before={same ? undefined : days(before)}
                after={days(after)}
                change={
                  same || after.leadDays == null || before?.leadDays == null
                    ? undefined
                    : after.leadDays - before.leadDays
                }
                write={(value) => format.number(value, { signed: true })}
                note={t("foresight.leadText")}
              />
              <Figure
                term={t("foresight.warned")}
                before={same || !before ? undefined : format.number(before.warned)}
                after={t("foresight.of", {
                  n: format.number(after.warned),
                  all: format.number(after.left),
                })}
                change={same || !before ? undefined : after.warned - before.warned}
                write={(value) => format.number(value, { signed: true })}
                note={t("foresight.warnedText")}
              />
            </dl>
            <p className="mt-2 text-ink-2 text-meta">{t("foresight.explained")}</p>
            <ByVersion preview={preview} version={version} draft={same ? undefined : after} />
          </div>
        )}
      </CardBody>
    </Card>
  );
}

function Figure({
  term,
  before,
  after,
  change,
  write,
  note,
}: {
  term: string;
  before?: string;
  after: string;
  change?: number;
  write: (value: number) => string;
  note: ReactNode;
}) {
  const { t } = useTranslation("health");
  return (
    <div className="min-w-0 bg-surface px-3 py-2.5">
      <dt className="text-ink-2 text-meta">{term}</dt>
      <dd className="mt-0.5 flex flex-wrap items-baseline gap-x-2 font-semibold text-value">
        {before !== undefined && (
          <span className="font-normal text-ink-2">
            {before} <span aria-hidden>→</span>
            <span className="sr-only">{t("effect.then")}</span>
          </span>
        )}
        <span className="tnum">{after}</span>
        {change !== undefined && change !== 0 && (
          <span className="text-body">
            <Change value={change} text={write(change)} />
          </span>
        )}
      </dd>
      <dd className="mt-0.5 text-ink-3 text-meta">{note}</dd>
    </div>
  );
}

function ByVersion({
  preview,
  version,
  draft,
}: {
  preview: Preview;
  version: Version;
  draft: Foresight | undefined;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const rows: { key: string; name: string; of: Foresight; now?: boolean }[] = [
    ...(draft ? [{ key: "draft", name: t("foresight.draft"), of: draft }] : []),
    ...preview.versions.map((of) => ({
      key: String(of.version),
      name:
        of.version === 0
          ? t("profile.builtIn")
          : t("versions.name", { n: format.number(of.version) }),
      of,
      now: of.version === version.version,
    })),
  ];
  if (rows.length < 2) return null;
  return (
    <details className="mt-3">
      <summary className="min-h-6 cursor-pointer font-medium text-accent-words">
        {t("foresight.compare", { count: rows.length, n: format.number(rows.length) })}
      </summary>
      <div className="-mx-4 mt-2">
        <Table aria-label={t("foresight.table")}>
          <thead>
            <tr>
              <Th>{t("foresight.version")}</Th>
              <Th end>{t("foresight.aucShort")}</Th>
              <Th end>{t("foresight.lead")}</Th>
              <Th end>{t("foresight.warned")}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                <th
                  scope="row"
                  className="h-10 border-border border-b px-2 pl-4 text-left font-normal"
                >
                  {row.name}
                  {row.now && <span className="text-ink-3"> · {t("versions.inForce")}</span>}
                </th>
                <Td end className="font-semibold">
                  {row.of.auc == null
                    ? t("foresight.notYetShort")
                    : format.number(row.of.auc, { digits: 2, fixed: true })}
                </Td>
                <Td end>
                  {row.of.leadDays == null
                    ? format.number(null)
                    : t("foresight.days", {
                        count: row.of.leadDays,
                        n: format.number(row.of.leadDays),
                      })}
                </Td>
                <Td end>
                  {t("foresight.of", {
                    n: format.number(row.of.warned),
                    all: format.number(row.of.left),
                  })}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  );
}

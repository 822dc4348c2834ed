/** An action on many clients: what it needs, what it would change, then how far it is. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { FieldError } from "@/components/ui/field";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Table, Td, Th } from "@/components/ui/table";
import { useDebounced } from "@/lib/hooks";
import { errorText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import type { Fact } from "./api";
import {
  type BulkAction,
  type BulkBody,
  type BulkKind,
  type BulkPreview,
  type BulkSelection,
  previewQuery,
  startBulk,
} from "./api-bulk";
import { actionOf, DRAFT, settable } from "./bulk-draft";
import { BulkForm } from "./bulk-form";
import { factLabel, valueText } from "./words";

export interface BulkSheetProps {
  /** Closed when absent. */
  kind: BulkKind | undefined;
  selection: BulkSelection;
  count: number;
  facts: readonly Fact[];
  onClose: () => void;
  onStarted: (run: string) => void;
}

export function BulkSheet({ kind, count, ...props }: BulkSheetProps) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  return (
    <Sheet
      open={kind !== undefined}
      onOpenChange={(open) => !open && props.onClose()}
      title={kind ? t(`bulk.do.${kind}`) : ""}
      description={t("bulk.count", { count, n: format.number(count) })}
    >
      {kind && <Steps key={kind} kind={kind} {...props} />}
    </Sheet>
  );
}

function Steps({
  kind,
  selection,
  facts,
  onClose,
  onStarted,
}: Omit<BulkSheetProps, "kind" | "count"> & { kind: BulkKind }) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const [draft, setDraft] = useState(DRAFT);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const action = actionOf(kind, draft);
  const now = JSON.stringify(action);
  const settled = useDebounced(now, 300);
  const body: BulkBody | undefined =
    settled === undefined ? undefined : { selection, action: JSON.parse(settled) as BulkAction };
  const preview = useQuery(previewQuery(body));
  const ready = settled === now && preview.data !== undefined && !preview.isFetching;

  async function run() {
    if (!action || busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { id } = await startBulk({ selection, action });
      onStarted(id);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      noValidate
      className="flex min-h-full flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void run();
      }}
    >
      <BulkForm
        kind={kind}
        draft={draft}
        facts={facts}
        onChange={(patch) => {
          setFailure(undefined);
          setDraft((before) => ({ ...before, ...patch }));
        }}
      />
      {action &&
        (preview.error ? (
          <ErrorState
            title={t("bulk.previewError")}
            error={preview.error}
            onRetry={() => void preview.refetch()}
          />
        ) : preview.data && settled === now ? (
          <Preview preview={preview.data} action={action} facts={facts} />
        ) : (
          <Loading className="flex flex-col gap-2">
            <Skeleton className="h-5 w-3/4" />
            <Skeleton className="h-24 w-full" />
          </Loading>
        ))}
      {Boolean(failure) && <FieldError>{errorText(failure)}</FieldError>}
      <SheetActions>
        <Button onClick={onClose}>{words("actions.cancel")}</Button>
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          disabled={!ready || preview.data?.changes === 0}
        >
          {ready && preview.data.changes > 0
            ? t("bulk.run", {
                count: preview.data.changes,
                n: format.number(preview.data.changes),
              })
            : t("bulk.runNone")}
        </Button>
      </SheetActions>
    </form>
  );
}

/** The fact that an action changes, as the sample shows it. */
export function factOf(action: BulkAction, facts: readonly Fact[]) {
  const key =
    action.kind === "assign" || action.kind === "reassign"
      ? "owner"
      : action.kind === "tag" || action.kind === "untag"
        ? "tags"
        : action.kind === "set"
          ? action.fact
          : "status";
  return settable(facts).find((fact) => fact.key === key) ?? facts.find((fact) => fact.key === key);
}

function Preview({
  preview,
  action,
  facts,
}: {
  preview: BulkPreview;
  action: BulkAction;
  facts: readonly Fact[];
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const fact = factOf(action, facts);
  const told: [string, number][] = [
    ["changes", preview.changes],
    ["unchanged", preview.unchanged],
    ["refused", preview.refused],
  ];
  const value = (of: BulkPreview["sample"][number]["after"]): ReactNode =>
    valueText(t, format, fact, of);
  return (
    <section aria-labelledby="bulk-preview" aria-live="polite">
      <h3 id="bulk-preview" className="mb-2 font-semibold">
        {t("bulk.preview")}
      </h3>
      <dl className="mb-3 grid grid-cols-3 gap-2">
        {told.map(([name, count]) => (
          <div key={name} className="flex flex-col-reverse rounded-control bg-sunken px-3 py-2">
            <dt className="text-ink-2 text-meta">{t(`bulk.told.${name}`, { count })}</dt>
            <dd className="tnum font-semibold text-value">{format.number(count)}</dd>
          </div>
        ))}
      </dl>
      {preview.sample.length > 0 && action.kind !== "task" && (
        <Table aria-label={t("bulk.sample")}>
          <thead>
            <tr>
              <Th>{t("bulk.client")}</Th>
              <Th>{t("bulk.before", { fact: fact ? factLabel(t, fact) : "" })}</Th>
              <Th>{t("bulk.after")}</Th>
            </tr>
          </thead>
          <tbody>
            {preview.sample.map((row) => (
              <tr key={row.id}>
                <Td className="max-w-40 truncate">{row.name}</Td>
                <Td className="text-ink-2">{value(row.before)}</Td>
                <Td className="font-medium">{value(row.after)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {preview.refused > 0 && <p className="mt-2 text-ink-2">{t("bulk.refusedText")}</p>}
    </section>
  );
}

/** A run while it goes on and once it is over: progress, result of each row, undo. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Sheet } from "@/components/ui/dialog";
import { LoadMore, TextLink } from "@/components/ui/misc";
import { Segmented } from "@/components/ui/segmented";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { errorCodeText } from "@/lib/i18n";
import { useFormat } from "@/lib/session";
import { type Fact, refresh } from "./api";
import {
  type BulkRow,
  type BulkRun,
  OUTCOMES,
  type Outcome,
  rowsQuery,
  runQuery,
  undoBulk,
} from "./api-bulk";
import { factOf } from "./bulk-sheet";
import { valueText } from "./words";

/** What an action did, as a sentence: "120 clients assigned to Léa". */
function useSaid(run: BulkRun | undefined, facts: readonly Fact[]): string {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  if (!run) return "";
  const { action } = run;
  const said = { count: run.changed, n: format.number(run.changed) };
  switch (action.kind) {
    case "assign":
      return action.owner
        ? t("bulk.done.assign", { ...said, owner: action.owner })
        : t("bulk.done.unassign", said);
    case "tag":
    case "untag":
      return t(`bulk.done.${action.kind}`, { ...said, tag: action.tag });
    case "set": {
      const fact = factOf(action, facts);
      return t("bulk.done.set", { ...said, value: valueText(t, format, fact, action.value) });
    }
    case "reassign":
      return t("bulk.done.reassign", { ...said, from: action.from });
    case "task":
      return t("bulk.done.task", { ...said, title: action.title });
    default:
      return t(`bulk.done.${action.kind}`, said);
  }
}

export function RunCard({
  id,
  facts,
  onClose,
}: {
  id: string;
  facts: readonly Fact[];
  onClose: () => void;
}) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { data: run, error, refetch } = useQuery(runQuery(id));
  const [rows, setRows] = useState(false);
  const [undoing, setUndoing] = useState(false);
  const said = useSaid(run, facts);
  const state = run?.state;
  const seen = useRef(state);
  useEffect(() => {
    if (state === seen.current) return;
    seen.current = state;
    if (state && state !== "running") void refresh(client);
  }, [state, client]);

  async function undo() {
    setUndoing(true);
    try {
      await undoBulk(id);
      await client.invalidateQueries({ queryKey: ["bulk", id] });
    } catch (refused) {
      toastError(refused);
    } finally {
      setUndoing(false);
    }
  }

  if (error && !run) {
    return <ErrorState title={t("bulk.runError")} error={error} onRetry={() => void refetch()} />;
  }
  const running = !run || run.state === "running";
  return (
    <Card
      aria-label={t("bulk.runLabel")}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3"
    >
      <div className="min-w-0 flex-1 basis-60">
        <p role="status" className="flex items-center gap-2">
          {!running && <CircleCheck className="size-4 shrink-0 text-excellent-text" aria-hidden />}
          <span className="font-medium">
            {running
              ? t("bulk.progress", {
                  done: format.number(run?.done ?? 0),
                  total: format.number(run?.total ?? null),
                })
              : run.state === "undone"
                ? t("bulk.undone", { count: run.undone, n: format.number(run.undone) })
                : said}
          </span>
          {run?.state === "undone" && run.kept > 0 && (
            <span className="text-watch-text">
              {t("bulk.kept", { count: run.kept, n: format.number(run.kept) })}
            </span>
          )}
          {run !== undefined && run.refused > 0 && run.state === "done" && (
            <span className="text-watch-text">
              {t("bulk.refused", { count: run.refused, n: format.number(run.refused) })}
            </span>
          )}
        </p>
        {running && (
          <div
            role="progressbar"
            aria-label={t("bulk.runLabel")}
            aria-valuemin={0}
            aria-valuemax={run?.total ?? 1}
            aria-valuenow={run?.done ?? 0}
            className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
          >
            <div
              className="h-full rounded-full bg-accent"
              style={{ width: `${(100 * (run?.done ?? 0)) / Math.max(1, run?.total ?? 1)}%` }}
            />
          </div>
        )}
      </div>
      {!running && (
        <>
          <Button onClick={() => setRows(true)}>{t("bulk.seeRows")}</Button>
          {run.state === "done" && run.changed > 0 && (
            <Button busy={undoing} onClick={() => void undo()}>
              {words("actions.undo")}
            </Button>
          )}
          <IconButton label={words("actions.close")} variant="ghost" onClick={onClose}>
            <X aria-hidden />
          </IconButton>
          <Sheet open={rows} onOpenChange={setRows} title={t("bulk.rowsTitle")} description={said}>
            <Rows run={run} facts={facts} />
          </Sheet>
        </>
      )}
    </Card>
  );
}

function Rows({ run, facts }: { run: BulkRun; facts: readonly Fact[] }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const there = OUTCOMES.filter((outcome) => run[outcome] > 0);
  // What did not go as asked comes first.
  const first = (["kept", "refused"] as const).find((outcome) => run[outcome] > 0) ?? there[0];
  const [outcome, setOutcome] = useState<Outcome>(first ?? "changed");
  const query = useInfiniteQuery(rowsQuery(run.id, outcome));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const fact = factOf(run.action, facts);
  const detail = (row: BulkRow) =>
    row.reason
      ? errorCodeText(row.reason)
      : row.outcome === "changed" && run.action.kind !== "task"
        ? `${valueText(t, format, fact, row.before)} → ${valueText(t, format, fact, row.after)}`
        : "";
  return (
    <div className="flex flex-col gap-3">
      <Segmented
        label={t("bulk.outcome")}
        value={outcome}
        onChange={setOutcome}
        options={there.map((value) => ({
          value,
          label: `${t(`bulk.outcomes.${value}`)} ${format.number(run[value])}`,
        }))}
        className="self-start"
      />
      {query.error ? (
        <ErrorState
          title={t("bulk.rowsError")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : query.isPending ? (
        <Loading>
          <Skeleton className="h-40 w-full" />
        </Loading>
      ) : rows.length === 0 ? (
        <p className="text-ink-2">{t("bulk.rowsNone")}</p>
      ) : (
        <ul className="divide-y divide-border">
          {rows.map((row) => (
            <li key={row.clientId} className="flex flex-col gap-0.5 py-2">
              {row.name ? (
                <TextLink to="/clients/$id" params={{ id: row.clientId }} className="truncate">
                  {row.name}
                </TextLink>
              ) : (
                <span>{t("bulk.rowGone")}</span>
              )}
              {detail(row) && <span className="text-ink-2 text-meta">{detail(row)}</span>}
            </li>
          ))}
        </ul>
      )}
      <LoadMore
        auto={false}
        hasMore={query.hasNextPage}
        loading={query.isFetchingNextPage}
        onLoadMore={() => void query.fetchNextPage()}
      />
    </div>
  );
}

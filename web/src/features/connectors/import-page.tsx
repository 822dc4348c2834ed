/** Importing a file, step by step: the file, its columns, a trial, the import. Nothing is written before the last step. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";
import { Card } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Notice, Skeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";
import { useCan, useSession } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { type Import, importQuery, refresh, working } from "./api";
import { CheckStep } from "./check-step";
import { ColumnsStep } from "./columns-step";
import { FileStep } from "./file-step";
import { History } from "./history";
import { RunStep } from "./run-step";

export interface ImportSearch {
  /** The import under way. */
  id?: string;
}

const STEPS = ["file", "columns", "check", "run"] as const;
type Step = (typeof STEPS)[number];

function stepOf(item: Import | undefined, mending: boolean): Step {
  switch (item?.state) {
    case undefined:
      return "file";
    case "new":
      return "columns";
    case "checking":
      return "check";
    case "checked":
      return mending ? "columns" : "check";
    default:
      return "run";
  }
}

export function ImportPage() {
  const { t } = useTranslation("connectors");
  const { workspace } = useSession();
  const manages = useCan("manage");
  const [search, set] = useUrlState<ImportSearch>();
  const open = (id?: string) => set({ id }, { push: true });
  return (
    <>
      <PageHeader title={t("title")} crumbs={[{ label: t("crumb") }]} facts={t("description")} />
      {workspace.isDemo ? (
        <Notice title={t("demo.title")}>{t("demo.text")}</Notice>
      ) : !manages ? (
        <Card>
          <EmptyState title={t("role.title")} text={t("role.text")} />
        </Card>
      ) : search.id ? (
        <Steps key={search.id} id={search.id} onLeave={() => open()} />
      ) : (
        <div className="flex flex-col gap-4">
          <Rail step="file" />
          <FileStep onTaken={(item) => open(item.id)} />
          <History onOpen={open} />
        </div>
      )}
    </>
  );
}

function Steps({ id, onLeave }: { id: string; onLeave: () => void }) {
  const { t } = useTranslation("connectors");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(importQuery(id));
  const [mending, setMending] = useState(false);
  const again = useMutation({
    // Only the import itself: its preview is not to be read while the file is gone through.
    mutationFn: () => client.invalidateQueries({ queryKey: importQuery(id).queryKey, exact: true }),
  });
  const state = data?.state;
  const seen = useRef(state);
  useEffect(() => {
    const before = seen.current;
    seen.current = state;
    if (working(before) && state && !working(state)) void refresh(client);
  }, [state, client]);
  if (error && !data) {
    return <ErrorState title={t("error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading>
        <Skeleton className="h-80 w-full" />
      </Loading>
    );
  }
  const step = stepOf(data, mending);
  const changed = () => {
    setMending(false);
    again.mutate();
  };
  return (
    <div className="flex flex-col gap-4">
      <Rail step={step} />
      {step === "columns" && <ColumnsStep item={data} onChecked={changed} onLeave={onLeave} />}
      {step === "check" && (
        <CheckStep item={data} onBack={() => setMending(true)} onRun={changed} />
      )}
      {step === "run" && <RunStep item={data} onStopped={changed} onLeave={onLeave} />}
    </div>
  );
}

/** Where one is. */
function Rail({ step }: { step: Step }) {
  const { t } = useTranslation("connectors");
  const at = STEPS.indexOf(step);
  return (
    <ol aria-label={t("steps.label")} className="flex flex-wrap gap-x-5 gap-y-1 text-body">
      {STEPS.map((name, index) => (
        <li
          key={name}
          aria-current={name === step ? "step" : undefined}
          className={cn(
            "flex items-center gap-2",
            name === step ? "font-semibold" : index < at ? "text-ink" : "text-ink-2",
          )}
        >
          <span
            aria-hidden
            className={cn(
              "tnum flex size-6 items-center justify-center rounded-full border text-meta",
              index <= at ? "border-accent text-accent-words" : "border-border-strong",
            )}
          >
            {index + 1}
          </span>
          {t(`steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}

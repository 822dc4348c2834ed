/** Whether the log is as it was written, and until when. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CriticalGlyph } from "@/components/ui/health";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { useFormat } from "@/lib/session";
import { type Verdict, verdictQuery, verifyAll } from "./api";

export function Chain() {
  const { t } = useTranslation("audit");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(verdictQuery);
  const again = useMutation({
    mutationFn: verifyAll,
    onSuccess: (verdict) => {
      client.setQueryData(verdictQuery.queryKey, verdict);
      if (verdict.brokenSeq == null) toast({ message: t("chain.done") });
    },
    onError: toastError,
  });
  if (error && !data) {
    return <ErrorState title={t("chain.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading label={t("chain.checking")}>
        <Skeleton className="h-20 w-full" />
      </Loading>
    );
  }
  return (
    <Card aria-label={t("chain.title")} className="flex flex-wrap items-start gap-3 p-4">
      <State verdict={data} />
      <Button busy={again.isPending} onClick={() => again.mutate()}>
        {t("chain.again")}
      </Button>
    </Card>
  );
}

function State({ verdict }: { verdict: Verdict }) {
  const { t } = useTranslation("audit");
  const format = useFormat();
  const broken = verdict.brokenSeq != null;
  const title = broken
    ? t("chain.broken")
    : verdict.verifiedUntil
      ? t("chain.whole", { at: format.dateTime(verdict.verifiedUntil) })
      : t("chain.empty");
  const text = broken
    ? `${t(`chain.${verdict.brokenReason ?? "hash"}`, { n: format.number(verdict.brokenSeq) })} ${t("chain.brokenText")}`
    : verdict.verifiedUntil
      ? t("chain.wholeText", {
          count: verdict.verifiedSeq,
          n: format.number(verdict.verifiedSeq),
        })
      : t("chain.emptyText");
  return (
    <div
      role={broken ? "alert" : undefined}
      className="flex min-w-0 flex-1 basis-64 items-start gap-3"
    >
      {broken ? (
        <CriticalGlyph className="mt-0.5 size-4" />
      ) : (
        <ShieldCheck className="mt-0.5 size-4 shrink-0 text-excellent-text" aria-hidden />
      )}
      <div className="min-w-0">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-ink-2">{text}</p>
        {verdict.erased > 0 && (
          <p className="text-ink-2">
            {t("chain.erased", { count: verdict.erased, n: format.number(verdict.erased) })}
          </p>
        )}
      </div>
    </div>
  );
}

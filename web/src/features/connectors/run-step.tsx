/** The import while it goes on, and what it did. */
import { useMutation } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { TextLink } from "@/components/ui/misc";
import { Notice } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { errorCodeText } from "@/lib/i18n";
import { type Import, stopImport } from "./api";
import { Counts, Progress, RefusedRows } from "./counts";

export function RunStep({
  item,
  onStopped,
  onLeave,
}: {
  item: Import;
  onStopped: () => void;
  onLeave: () => void;
}) {
  const { t } = useTranslation("connectors");
  const stop = useMutation({
    mutationFn: () => stopImport(item.id),
    onSuccess: onStopped,
    onError: toastError,
  });
  if (item.state === "running") {
    return (
      <>
        <Card className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
          <div className="min-w-0 flex-1 basis-60">
            <Progress item={item} />
            <p className="mt-2 text-ink-2 text-meta">{t("run.leave")}</p>
          </div>
          <Button busy={stop.isPending} onClick={() => stop.mutate()}>
            {t("run.stop")}
          </Button>
        </Card>
        <Counts item={item} />
      </>
    );
  }
  return (
    <>
      {item.state === "done" ? (
        <div role="status">
          <h2 className="flex items-center gap-2 font-semibold text-card">
            <CircleCheck className="size-5 text-excellent-text" aria-hidden />
            {t("run.done")}
          </h2>
        </div>
      ) : item.state === "stopped" ? (
        <Notice title={t("run.stopped")}>{t("run.stoppedText")}</Notice>
      ) : (
        <Notice title={t("run.failed")}>{item.failure && errorCodeText(item.failure)}</Notice>
      )}
      <Counts item={item} />
      <RefusedRows item={item} />
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <Button onClick={onLeave}>{t("run.another")}</Button>
        <TextLink to="/clients/advanced">{t("run.clients")}</TextLink>
      </div>
    </>
  );
}

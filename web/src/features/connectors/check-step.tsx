/** What the import would do, counted over every row before anything is written. */
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { toastError } from "@/components/ui/toast";
import { useFormat } from "@/lib/session";
import { type Import, runImport } from "./api";
import { Counts, Progress, RefusedRows } from "./counts";

export function CheckStep({
  item,
  onBack,
  onRun,
}: {
  item: Import;
  onBack: () => void;
  onRun: () => void;
}) {
  const { t } = useTranslation("connectors");
  const format = useFormat();
  const run = useMutation({
    mutationFn: async () => item.plan && runImport(item.id, item.plan),
    onSuccess: onRun,
    onError: toastError,
  });
  if (item.state === "checking") {
    return (
      <Card className="p-4">
        <Progress item={item} />
      </Card>
    );
  }
  const rows = item.created + item.changed;
  return (
    <>
      <h2 className="font-semibold text-card">
        {t(rows === 0 && item.refused === 0 ? "check.nothing" : "check.title")}
      </h2>
      <Counts item={item} />
      <RefusedRows item={item} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>{t("check.back")}</Button>
        <Button
          variant="primary"
          busy={run.isPending}
          disabled={rows === 0}
          onClick={() => run.mutate()}
        >
          {t("check.run", { count: rows, n: format.number(rows) })}
        </Button>
      </div>
    </>
  );
}

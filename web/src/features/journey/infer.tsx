/** Starts journeys for all clients that have none, with the stage read off tenure and use. */
import { Route } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toast";
import { useFormat } from "@/lib/session";
import { useChange } from "./api";
import { inferJourneys } from "./api-portfolio";

export function InferButton({ count }: { count: number }) {
  const { t } = useTranslation("journey");
  const format = useFormat();
  const change = useChange();
  return (
    <Button
      size="sm"
      busy={change.isPending}
      onClick={() =>
        change.mutate(async () => {
          const { clients } = await inferJourneys();
          toast({
            message: t("infer.started", { count: clients, n: format.number(clients) }),
          });
        })
      }
    >
      <Route aria-hidden />
      {t("infer.start", { count, n: format.number(count) })}
    </Button>
  );
}

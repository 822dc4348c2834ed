/** "Ask me", answered where the question stands: one click, what came of it, or what is still missing. */
import { useQueryClient } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { toastError } from "@/components/ui/toast";
import { ApiError } from "@/lib/api";
import { useCan } from "@/lib/session";
import { advanceJourney, type Journey, journeyQuery, useRefresh } from "./api";
import { stageLabel, useLabel } from "./words";

export interface ConfirmAskProps {
  clientId: string;
  /** The stage that the question was about: a client that has left it does not go on once more. */
  stage: string;
  /** The question is settled. */
  onDone: () => void;
}

export function ConfirmAsk({ clientId, stage, onDone }: ConfirmAskProps) {
  const { t } = useTranslation("journey");
  const write = useLabel();
  const edit = useCan("edit");
  const client = useQueryClient();
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [settled, setSettled] = useState(false);
  const [said, setSaid] = useState("");

  function settle(journey: Journey, how: "now" | "past") {
    const to = stageLabel(journey.stages, journey.journey?.stage, write);
    setSaid(to ? t(`ask.${how}`, { to }) : t(`ask.${how}Over`));
    setSettled(true);
    onDone();
  }
  async function confirm() {
    setBusy(true);
    try {
      const before = await client.fetchQuery({ ...journeyQuery(clientId), staleTime: 0 });
      if (before.journey?.stage !== stage) {
        settle(before, "past");
        return;
      }
      try {
        settle(await advanceJourney(clientId), "now");
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "journey_not_ready") throw error;
        setSaid(t("ask.missing", { what: missing(before, stage, error, write) }));
      }
      await refresh();
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  }
  if (!edit) return null;
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
      {!settled && (
        <Button size="sm" variant="primary" busy={busy} onClick={() => void confirm()}>
          <Check aria-hidden />
          {t("ask.short")}
        </Button>
      )}
      <p role="status" className="min-w-0 break-words">
        {said}
      </p>
    </div>
  );
}

/** The names of the criteria that do not hold. */
function missing(
  journey: Journey,
  stage: string,
  error: ApiError,
  write: ReturnType<typeof useLabel>,
): string {
  const keys = Array.isArray(error.params.missing) ? error.params.missing.map(String) : [];
  const criteria = journey.stages.find((item) => item.key === stage)?.criteria ?? [];
  const name = (key: string) => {
    const found = criteria.find((item) => item.key === key);
    return found ? write(found.label) : key;
  };
  return keys.map(name).join(", ");
}

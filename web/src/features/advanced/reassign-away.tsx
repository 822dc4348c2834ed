/** Absences under way: whose clients are with whom, until when, and the way to end one earlier. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/states";
import { toastError } from "@/components/ui/toast";
import { useFormat } from "@/lib/session";
import { undoBulk } from "./api-bulk";
import { reassignmentsQuery } from "./api-reassign";

export function ReassignAway({ onUndo }: { onUndo: (run: string) => void }) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string>();
  const { data } = useQuery(reassignmentsQuery);
  async function undo(id: string) {
    setBusy(id);
    try {
      await undoBulk(id);
      await client.invalidateQueries({ queryKey: reassignmentsQuery.queryKey });
      onUndo(id);
    } catch (refused) {
      toastError(refused);
    } finally {
      setBusy(undefined);
    }
  }
  return (data?.items ?? []).map((run) => {
    const { action } = run;
    if (action.kind !== "reassign" || !action.returnsOn || run.state !== "done") return null;
    return (
      <Notice
        key={run.id}
        title={t("reassign.isAway", {
          name: action.from,
          day: format.date(action.returnsOn),
        })}
        action={
          <Button variant="link" busy={busy === run.id} onClick={() => void undo(run.id)}>
            {t("reassign.endNow")}
          </Button>
        }
      >
        {t("reassign.with", {
          count: run.changed,
          n: format.number(run.changed),
          names: Object.keys(action.receivers).join(", "),
        })}
      </Notice>
    );
  });
}

/** Signals that people record: the way in above the timeline, and what is done with one of them. */
import { useQueryClient } from "@tanstack/react-query";
import { ClipboardPlus, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { laterPart } from "@/components/ui/later";
import { toast, toastError } from "@/components/ui/toast";
import { ApiError, api } from "@/lib/api";
import { useCan } from "@/lib/session";
import type { TimelineItem } from "./api";

const SignalSheet = laterPart(async () => (await import("./page-signal-sheet")).SignalSheet);

/** Where they are sent, and what they make stale: the client's facts, and the score. */
export function useSignals(clientId: string) {
  const client = useQueryClient();
  const path = `/clients/${clientId}/signals`;
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["clients", "one", clientId] }),
      client.invalidateQueries({ queryKey: ["health", clientId] }),
    ]);
  async function remove(id: string) {
    try {
      await api.delete(`${path}/${id}`);
    } catch (error) {
      // Deleted elsewhere already: that is what was asked for.
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
    await refresh();
  }
  return { path, refresh, remove };
}

/** A new one, above the stream. */
export function NewSignal({ clientId }: { clientId: string }) {
  const { t } = useTranslation("client");
  const edit = useCan("edit");
  const [open, setOpen] = useState(false);
  if (!edit) return null;
  return (
    <>
      <Button className="mb-4" onClick={() => setOpen(true)} {...SignalSheet.approach}>
        <ClipboardPlus aria-hidden />
        {t("signal.new")}
      </Button>
      <SignalSheet clientId={clientId} open={open} onOpenChange={setOpen} />
    </>
  );
}

/**
 * Editing and deleting those of a stream. The stream holds it and not its rows, which fold and
 * unfold as others come: what is being typed stays.
 */
export function useHandSignals(clientId: string) {
  const { t } = useTranslation("client");
  const signals = useSignals(clientId);
  const [editing, setEditing] = useState<TimelineItem>();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  // It goes once it can no longer be taken back: recorded again, it would carry another name.
  function remove({ id }: TimelineItem) {
    const stay = () => setLeaving((all) => new Set([...all].filter((other) => other !== id)));
    setLeaving((all) => new Set([...all, id]));
    toast({
      message: t("signal.removed"),
      undo: stay,
      onGone: () => {
        signals.remove(id).catch((error: unknown) => {
          stay();
          toastError(error);
        });
      },
    });
  }
  const sheet = (
    <SignalSheet
      clientId={clientId}
      item={editing}
      open={editing !== undefined}
      onOpenChange={(open) => !open && setEditing(undefined)}
    />
  );
  return { leaving, edit: setEditing, remove, sheet };
}

export function SignalActions({ onEdit, onRemove }: { onEdit: () => void; onRemove: () => void }) {
  const { t } = useTranslation("client");
  const edit = useCan("edit");
  if (!edit) return null;
  return (
    <span className="flex shrink-0">
      <IconButton
        size="sm"
        variant="ghost"
        label={t("signal.edit")}
        onClick={onEdit}
        {...SignalSheet.approach}
      >
        <Pencil aria-hidden />
      </IconButton>
      <IconButton size="sm" variant="ghost" label={t("signal.remove")} onClick={onRemove}>
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}

/** Slim note over a demonstration: what it is, and the ways out. */
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/ui/dialog";
import { useCan, useSession } from "@/lib/session";
import { useRemoveDemo, useSwitchWorkspace } from "./session-actions";

export function DemoBanner() {
  const { t } = useTranslation();
  const { workspace, workspaces } = useSession();
  const manage = useCan("manage");
  const remove = useRemoveDemo();
  const change = useSwitchWorkspace();
  const [asking, setAsking] = useState(false);
  if (!workspace.isDemo) return null;
  const own = workspaces.find((item) => !item.isDemo);
  const link =
    "min-h-6 rounded-check font-medium text-accent-words underline-offset-4 hover:underline pointer-coarse:min-h-10";
  return (
    <aside
      aria-label={t("demo.note")}
      className="flex flex-wrap items-center gap-x-4 border-border border-b bg-accent-soft px-6 py-1.5 text-body max-md:px-3"
    >
      <span className="flex items-center gap-2">
        <FlaskConical className="size-4 shrink-0 text-accent-words" aria-hidden />
        <strong className="font-semibold">{t("demo.note")}</strong>
        <span className="text-ink-2 max-lg:hidden">{t("demo.detail")}</span>
      </span>
      <span className="ml-auto flex flex-wrap gap-x-4">
        {own && (
          <button type="button" className={link} onClick={() => change.mutate(own.id)}>
            {t("demo.leave", { name: own.name })}
          </button>
        )}
        {manage && (
          <button type="button" className={link} onClick={() => setAsking(true)}>
            {t("demo.remove")}
          </button>
        )}
      </span>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("demo.confirmTitle")}
        description={t("demo.confirmText")}
        confirmLabel={t("demo.remove")}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => setAsking(false) })}
      />
    </aside>
  );
}

/** The end of a workspace: its name is typed, because nothing brings it back. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDeleteWorkspace } from "@/components/layout/session-actions";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { NameForm } from "@/components/ui/name-form";
import { toast } from "@/components/ui/toast";
import { useCan, useSession } from "@/lib/session";
import { Section } from "./section";

export function Deletion() {
  const { t } = useTranslation("identity");
  const { workspace, workspaces } = useSession();
  const own = useCan("own");
  const remove = useDeleteWorkspace();
  const [open, setOpen] = useState(false);
  const elsewhere = workspaces.some((item) => item.id !== workspace.id && !item.isDemo);
  const refused = workspace.isDemo
    ? t("workspaces.deleteDemo")
    : !own
      ? t("workspaces.deleteOwner")
      : !elsewhere && t("workspaces.deleteLast");
  return (
    <Section
      title={t("workspaces.delete")}
      text={t("workspaces.deleteText", { name: workspace.name })}
      refused={refused}
    >
      {!refused && (
        <Button variant="danger" onClick={() => setOpen(true)}>
          {t("workspaces.deleteOpen", { name: workspace.name })}
        </Button>
      )}
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t("workspaces.confirm", { name: workspace.name })}
        description={t("workspaces.confirmText")}
      >
        <NameForm
          name={workspace.name}
          label={t("workspaces.confirmName", { name: workspace.name })}
          mismatch="identity_workspace_name_mismatch"
          submit={t("workspaces.confirmSubmit")}
          onCancel={() => setOpen(false)}
          onSubmit={async (name) => {
            await remove(name);
            toast({ message: t("workspaces.deleted", { name }) });
          }}
        />
      </Dialog>
    </Section>
  );
}

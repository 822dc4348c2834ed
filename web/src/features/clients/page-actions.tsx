/** What can be done with a client: edit it, set it aside and take it back. */
import { Archive, ArchiveRestore, Ellipsis, Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";
import { toast, toastError } from "@/components/ui/toast";
import { useCan } from "@/lib/session";
import type { ClientDetail } from "./api";
import { useChange } from "./page-change";
import type { Editable } from "./page-edit";
import type { OwnFieldsForm } from "./page-edit-sheet";

const EditSheet = lazy(async () => ({ default: (await import("./page-edit-sheet")).EditSheet }));

export function ClientActions({
  client,
  ownFields,
}: {
  client: ClientDetail;
  ownFields: OwnFieldsForm;
}) {
  const { t } = useTranslation("client");
  const edit = useCan("edit");
  const change = useChange(client.id);
  const [open, setOpen] = useState<"edit">();
  const close = () => setOpen(undefined);
  if (!edit) return null;
  const { archived } = client.editable;
  async function archive() {
    const read = { version: client.version, state: client.editable as Editable };
    try {
      const now = await change(read, { ...read.state, archived: !archived });
      toast({
        message: t(archived ? "restored" : "archived", { name: client.name }),
        undo: () => void change(now, { ...now.state, archived }).catch(toastError),
      });
    } catch (error) {
      toastError(error);
    }
  }
  return (
    <div className="flex shrink-0 items-center gap-2 self-start">
      {edit && (
        <Button onClick={() => setOpen("edit")} className="max-md:hidden">
          <Pencil aria-hidden />
          {t("edit.open")}
        </Button>
      )}
      <Menu
        trigger={
          <IconButton label={t("more")}>
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        {edit && (
          <>
            <MenuItem
              className="md:hidden"
              icon={<Pencil aria-hidden />}
              onSelect={() => setOpen("edit")}
            >
              {t("edit.open")}
            </MenuItem>
            <MenuItem
              icon={archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
              onSelect={() => void archive()}
            >
              {t(archived ? "restore" : "archive")}
            </MenuItem>
          </>
        )}
      </Menu>
      <Suspense>
        {open === "edit" && <EditSheet client={client} ownFields={ownFields} onClose={close} />}
      </Suspense>
    </div>
  );
}

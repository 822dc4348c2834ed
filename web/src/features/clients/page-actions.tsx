/** What can be done with a client: edit it, set it aside, merge it, throw it away, hand out or erase what is held of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Archive,
  ArchiveRestore,
  Download,
  Ellipsis,
  Eraser,
  GitMerge,
  Pencil,
  Trash2,
} from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { toast, toastError } from "@/components/ui/toast";
import { api, apiUrl } from "@/lib/api";
import { useCan } from "@/lib/session";
import type { ClientDetail } from "./api";
import { useChange } from "./page-change";
import { MergeSheet } from "./page-duplicates";
import type { Editable } from "./page-edit";
import type { OwnFieldsForm } from "./page-edit-sheet";
import { useRestore } from "./page-gone";

const EditSheet = lazy(async () => ({ default: (await import("./page-edit-sheet")).EditSheet }));
const EraseDialog = lazy(async () => ({ default: (await import("./page-erase")).EraseDialog }));

export function ClientActions({
  client,
  ownFields,
  newTask,
}: {
  client: ClientDetail;
  ownFields: OwnFieldsForm;
  /** Makes a task for it; from another feature. */
  newTask: ReactNode;
}) {
  const { t } = useTranslation("client");
  const may = {
    edit: useCan("edit"),
    manage: useCan("manage"),
    administer: useCan("administer"),
    own: useCan("own"),
  };
  const change = useChange(client.id);
  const restore = useRestore();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"edit" | "merge" | "erase">();
  const close = () => setOpen(undefined);
  const there = client.status !== "deleted";
  if (!may.edit || client.mergedInto || (!there && !may.administer)) return null;
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
  async function throwAway() {
    try {
      await api.delete(`/clients/${client.id}`);
      await queries.invalidateQueries({ queryKey: ["clients"] });
      toast({
        message: t("gone.thrown", { name: client.name }),
        undo: () => void restore(client).catch(toastError),
      });
    } catch (error) {
      toastError(error);
    }
  }
  return (
    <div className="flex shrink-0 items-center gap-2 self-start">
      {there && newTask}
      {there && (
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
        {there && (
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
        {there && may.manage && (
          <>
            <MenuItem icon={<GitMerge aria-hidden />} onSelect={() => setOpen("merge")}>
              {t("merge.open")}
            </MenuItem>
            <MenuItem icon={<Trash2 aria-hidden />} onSelect={() => void throwAway()}>
              {t("gone.throw")}
            </MenuItem>
          </>
        )}
        {may.administer && (
          <>
            {there && <MenuSeparator />}
            <MenuItem
              icon={<Download aria-hidden />}
              onSelect={() => window.location.assign(apiUrl(`/clients/${client.id}/export`))}
            >
              {t("erase.export")}
            </MenuItem>
          </>
        )}
        {may.own && (
          <MenuItem danger icon={<Eraser aria-hidden />} onSelect={() => setOpen("erase")}>
            {t("erase.open")}
          </MenuItem>
        )}
      </Menu>
      <Suspense>
        {open === "edit" && <EditSheet client={client} ownFields={ownFields} onClose={close} />}
        {open === "merge" && <MergeSheet client={client} onClose={close} />}
        {open === "erase" && (
          <EraseDialog
            of="client"
            name={client.name}
            path={`/clients/${client.id}/erase`}
            onClose={close}
            onErased={() => {
              void navigate({ to: "/clients/growth" });
              void queries.invalidateQueries({ queryKey: ["clients"] });
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

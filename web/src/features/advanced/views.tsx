/** Saved views: which one is shown, and what can be done with it. */
import { Bookmark, BookmarkPlus, ChevronDown, Lock, Pencil, Trash2, Users } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useCan, useFormat } from "@/lib/session";
import { createView, deleteView, patchView, type SavedView, useChange, type ViewForm } from "./api";

/** What of the page a view keeps. */
export type Kept = Pick<ViewForm, "where" | "sort" | "columns" | "layout">;

export const formOf = (view: SavedView): ViewForm => ({
  name: view.name,
  shared: view.shared,
  where: view.where,
  sort: view.sort ?? undefined,
  columns: view.columns,
  layout: view.layout,
});

export interface ViewsProps {
  views: readonly SavedView[] | undefined;
  current: SavedView | undefined;
  /** The view is no longer shown as it was saved. */
  changed: boolean;
  /** Something is worth keeping although no view is open. */
  worth: boolean;
  kept: Kept;
  onOpen: (view: SavedView | undefined) => void;
  onNew: () => void;
  onEdit: (view: SavedView) => void;
}

export function Views({ views, current, changed, worth, kept, onOpen, onNew, onEdit }: ViewsProps) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const format = useFormat();
  const change = useChange();
  const edits = useCan("edit");
  const manages = useCan("manage");
  const own = (view: SavedView) => manages || (view.mine && !view.shared && edits);
  const mine = views?.filter((view) => !view.shared) ?? [];
  const shared = views?.filter((view) => view.shared) ?? [];

  function remove(view: SavedView) {
    // It is left first: a page that still showed it would ask for what is gone.
    onOpen(undefined);
    change.mutate(async () => {
      try {
        await deleteView(view.id);
      } catch (error) {
        onOpen(view);
        throw error;
      }
      toast({
        message: t("views.deleted", { name: view.name }),
        undo: () =>
          change.mutate(async () => {
            onOpen(await createView(formOf(view)));
          }),
      });
    });
  }
  function save(view: SavedView) {
    const before = formOf(view);
    change.mutate(async () => {
      onOpen(await patchView(view.id, kept));
      toast({
        message: t("views.saved", { name: view.name }),
        undo: () =>
          change.mutate(async () => {
            onOpen(await patchView(view.id, before));
          }),
      });
    });
  }
  const item = (view: SavedView) => (
    <MenuItem
      key={view.id}
      onSelect={() => onOpen(view)}
      aria-current={view.id === current?.id ? "true" : undefined}
      icon={view.shared ? <Users aria-hidden /> : <Lock aria-hidden />}
    >
      <span className="flex items-baseline justify-between gap-3">
        <span className={view.id === current?.id ? "font-semibold" : undefined}>{view.name}</span>
        <span className="tnum text-ink-3">{format.number(view.count)}</span>
      </span>
    </MenuItem>
  );

  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <Menu
        align="start"
        className="min-w-64"
        trigger={
          <Button className="min-w-0 max-w-full">
            <Bookmark aria-hidden />
            <span className="truncate">{current?.name ?? t("views.none")}</span>
            {current && (
              <span className="tnum rounded-check bg-accent-soft px-1.5 text-accent-words text-meta">
                {format.number(current.count)}
              </span>
            )}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => onOpen(undefined)}>{t("views.none")}</MenuItem>
        {mine.length > 0 && <MenuLabel>{t("views.mine")}</MenuLabel>}
        {mine.map(item)}
        {shared.length > 0 && <MenuLabel>{t("views.shared")}</MenuLabel>}
        {shared.map(item)}
        {edits && (
          <>
            <MenuSeparator />
            <MenuItem icon={<BookmarkPlus aria-hidden />} onSelect={onNew}>
              {t("views.saveAs")}
            </MenuItem>
          </>
        )}
        {current && own(current) && (
          <>
            <MenuItem icon={<Pencil aria-hidden />} onSelect={() => onEdit(current)}>
              {t("views.edit")}
            </MenuItem>
            <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => remove(current)}>
              {t("views.delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      {current && changed && (
        <>
          <span className="text-watch-text">{t("views.changed")}</span>
          {own(current) ? (
            <Button busy={change.isPending} onClick={() => save(current)}>
              {words("actions.save")}
            </Button>
          ) : (
            edits && <Button onClick={onNew}>{t("views.saveAsShort")}</Button>
          )}
          <Button variant="ghost" onClick={() => onOpen(current)}>
            {t("views.revert")}
          </Button>
        </>
      )}
      {!current && worth && edits && (
        <Button variant="ghost" onClick={onNew}>
          <BookmarkPlus aria-hidden />
          {t("views.keep")}
        </Button>
      )}
    </div>
  );
}

/** The dark bar that a selection raises: how many, all that match, and what can be done with them. */
import {
  Archive,
  ArchiveRestore,
  CirclePlus,
  Download,
  Ellipsis,
  type LucideIcon,
  Pencil,
  Tag,
  UserPlus,
  X,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { Menu, MenuItem } from "@/components/ui/menu";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/session";
import type { BulkKind } from "./api-bulk";

const ACTIONS: readonly { kind: BulkKind; icon: LucideIcon }[] = [
  { kind: "assign", icon: UserPlus },
  { kind: "tag", icon: Tag },
  { kind: "set", icon: Pencil },
  { kind: "task", icon: CirclePlus },
];

export function BulkBar({
  count,
  total,
  archived,
  onAll,
  onAction,
  onExport,
  onClear,
}: {
  count: number;
  /** All that match, when more can be chosen. */
  total: number | undefined;
  /** The archived are shown: they come back rather than go. */
  archived: boolean;
  onAll: () => void;
  onAction: (kind: BulkKind) => void;
  onExport: () => void;
  onClear: () => void;
}) {
  const { t } = useTranslation("advanced");
  const format = useFormat();
  const last: { kind: BulkKind; icon: LucideIcon } = archived
    ? { kind: "restore", icon: ArchiveRestore }
    : { kind: "archive", icon: Archive };
  const button =
    "flex h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-control px-2 font-medium outline-current hover:bg-on-inverse/15 pointer-coarse:h-10 [&_svg]:size-4";
  return (
    <div
      role="region"
      aria-label={t("bulk.bar")}
      className="sticky bottom-4 z-20 mx-auto mt-4 flex w-fit max-w-full animate-rise items-center gap-x-1 rounded-card bg-inverse px-4 py-2 text-body text-on-inverse shadow-float max-md:bottom-[calc(var(--bottombar)+8px+env(safe-area-inset-bottom))] max-md:w-full max-md:flex-wrap max-md:px-3"
    >
      <span role="status" className="whitespace-nowrap font-semibold">
        {t("bulk.count", { count, n: format.number(count) })}
      </span>
      {total !== undefined && total > count && (
        <button
          type="button"
          onClick={onAll}
          className={cn(button, "px-1 underline underline-offset-4")}
        >
          {t("bulk.all", { count: total, n: format.number(total) })}
        </button>
      )}
      <span aria-hidden className="mx-1 h-6 w-px bg-on-inverse/30 max-md:hidden" />
      {[...ACTIONS, last].map(({ kind, icon: Icon }) => (
        <button
          key={kind}
          type="button"
          onClick={() => onAction(kind)}
          className={cn(button, kind === last.kind ? "max-2xl:hidden" : "max-xl:hidden")}
        >
          <Icon aria-hidden />
          {t(`bulk.do.${kind}`)}
        </button>
      ))}
      <span className="flex-1 xl:hidden" />
      <Menu
        side="top"
        trigger={
          <button type="button" aria-label={t("bulk.more")} className={cn(button, "max-xl:px-3")}>
            <Ellipsis aria-hidden />
            <span className="xl:hidden">{t("bulk.actions")}</span>
          </button>
        }
      >
        {[...ACTIONS, last].map(({ kind, icon: Icon }) => (
          <MenuItem
            key={kind}
            className={kind === last.kind ? "2xl:hidden" : "xl:hidden"}
            icon={<Icon aria-hidden />}
            onSelect={() => onAction(kind)}
          >
            {t(`bulk.do.${kind}`)}
          </MenuItem>
        ))}
        <MenuItem icon={<Download aria-hidden />} onSelect={onExport}>
          {t("export.open")}
        </MenuItem>
        <MenuItem icon={<Tag aria-hidden />} onSelect={() => onAction("untag")}>
          {t("bulk.do.untag")}
        </MenuItem>
        <MenuItem
          icon={archived ? <Archive aria-hidden /> : <ArchiveRestore aria-hidden />}
          onSelect={() => onAction(archived ? "archive" : "restore")}
        >
          {t(`bulk.do.${archived ? "archive" : "restore"}`)}
        </MenuItem>
      </Menu>
      <button type="button" aria-label={t("bulk.clear")} onClick={onClear} className={button}>
        <X aria-hidden />
      </button>
    </div>
  );
}

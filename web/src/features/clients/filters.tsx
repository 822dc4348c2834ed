/** Filters of the list: a sheet to choose them, and chips that read as a sentence. */
import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { laterPart } from "@/components/ui/later";
import { useFormat } from "@/lib/session";
import { viewsQuery } from "./api-list";
import {
  type ClientListSearch,
  chipFields,
  classesOf,
  type FilterField,
  NOT_SET,
  type StatusFilter,
} from "./client-list-search";

export interface FiltersProps {
  search: ClientListSearch;
  set: (patch: Partial<ClientListSearch>) => void;
  /** The status in force when the URL names none. */
  fallback: StatusFilter;
  /** How many clients match now; unknown while it is counted. */
  total: number | undefined;
  /** Tabs over the list say a part of the filters themselves. */
  tabs?: boolean;
}

export const FilterSheet = laterPart(async () => (await import("./filter-sheet")).FilterSheet);

export function Filters(props: FiltersProps) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const fields = chipFields(props.search, props.tabs);
  const count = fields.length;
  return (
    <>
      <Button aria-haspopup="dialog" {...FilterSheet.approach} onClick={() => setOpen(true)}>
        <ListFilter aria-hidden />
        {t("list.filter")}
        {count > 0 && (
          <>
            <span
              aria-hidden
              className="tnum rounded-check bg-accent-soft px-1.5 text-accent-words text-meta"
            >
              {format.number(count)}
            </span>
            <span className="sr-only">
              {t("list.filterCount", { count, n: format.number(count) })}
            </span>
          </>
        )}
      </Button>
      <FilterSheet {...props} open={open} onOpenChange={setOpen} />
      {fields.length > 0 && (
        <ul className="flex flex-wrap items-center gap-2" aria-label={t("list.filters")}>
          {fields.map((field, index) => (
            <li key={field} className="flex min-w-0 items-center gap-2">
              {index > 0 && <span className="text-ink-3">{t("list.and")}</span>}
              <Chip field={field} {...props} onEdit={() => setOpen(true)} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Chip({
  field,
  search,
  set,
  onEdit,
}: Pick<FiltersProps, "search" | "set"> & { field: FilterField; onEdit: () => void }) {
  const { t } = useTranslation("clients");
  const { t: words } = useTranslation();
  const { data: views } = useQuery({ ...viewsQuery, enabled: field === "view" });
  const value = {
    status: () => t(`list.status.${search.status ?? "current"}`),
    health: () =>
      classesOf(search)
        .map((of) => words(`health.${of}`))
        .join(", "),
    risk: () => t("list.risk.label"),
    segment: () => (search.segment === NOT_SET ? t("list.noSegment") : (search.segment ?? "")),
    owner: () => (search.owner === NOT_SET ? t("list.noOwner") : (search.owner ?? "")),
    product: () => search.product ?? "",
    view: () => views?.items.find(({ id }) => id === search.view)?.name ?? t("list.viewGone"),
  }[field]();
  const name = t(`list.field.${field}`);
  const sentence = `${name} ${t("list.is")} ${value}`;
  return (
    <span className="inline-flex h-7 min-w-0 items-center rounded-control bg-accent-soft text-accent-words pointer-coarse:h-10">
      <button
        type="button"
        onClick={onEdit}
        className="flex h-full min-w-0 items-center gap-1.5 rounded-control pl-2.5"
      >
        <span className="sr-only">{t("list.edit")} </span>
        {name} <span className="text-ink-2">{t("list.is")}</span>{" "}
        <span className="max-w-48 truncate font-semibold">{value}</span>
      </button>
      <button
        type="button"
        aria-label={t("list.remove", { filter: sentence })}
        onClick={() => set({ [field]: undefined })}
        className="flex h-full w-7 shrink-0 items-center justify-center rounded-control hover:text-ink pointer-coarse:w-10"
      >
        <X className="size-3.5" aria-hidden />
      </button>
    </span>
  );
}

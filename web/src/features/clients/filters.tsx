/** Filters of the list: a sheet to choose them, and chips that read as a sentence. */
import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { HEALTH_CLASSES, HealthGlyph } from "@/components/ui/health";
import { Select } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import { facetsQuery } from "./api-list";
import {
  type ClientListSearch,
  chipFields,
  classesOf,
  DEFAULT_SORT,
  type FilterField,
  NO_FILTERS,
  NOT_SET,
  SORTS,
  type Sort,
  STATUSES,
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

export function Filters(props: FiltersProps) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const fields = chipFields(props.search, props.tabs);
  const count = fields.length;
  return (
    <>
      <Button aria-haspopup="dialog" onClick={() => setOpen(true)}>
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
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={t("list.filters")}
        footer={
          <>
            <Button variant="ghost" onClick={() => props.set(NO_FILTERS)}>
              {t("list.clear")}
            </Button>
            <Button variant="primary" onClick={() => setOpen(false)}>
              {props.total === undefined
                ? t("list.filters")
                : t("list.show", { count: props.total, n: format.number(props.total) })}
            </Button>
          </>
        }
      >
        <Panel {...props} />
      </Sheet>
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

function Panel({ search, set, fallback }: FiltersProps) {
  const { t } = useTranslation("clients");
  const { t: words } = useTranslation();
  const id = useId();
  const facets = useQuery(facetsQuery).data;
  const classes = classesOf(search);
  const status = search.status ?? fallback;
  return (
    <div className="flex flex-col gap-4">
      {/* Wide tables are sorted by their headers. */}
      <div className="md:hidden">
        <Field label={t("list.field.sort")}>
          <Select
            value={search.sort ?? DEFAULT_SORT}
            onChange={(event) => {
              const sort = event.target.value as Sort;
              set({ sort: sort === DEFAULT_SORT ? undefined : sort });
            }}
          >
            {SORTS.map((sort) => (
              <option key={sort} value={sort}>
                {t(`list.sort.${sort}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("list.field.status")}>
        <Select
          value={status}
          onChange={(event) => {
            const next = event.target.value as StatusFilter;
            set({ status: next === fallback ? undefined : next });
          }}
        >
          {STATUSES.map((value) => (
            <option key={value} value={value}>
              {t(`list.status.${value}`)}
            </option>
          ))}
        </Select>
      </Field>
      <fieldset aria-labelledby={`${id}-health`}>
        <legend id={`${id}-health`} className="mb-1.5 font-medium">
          {t("list.field.health")}
        </legend>
        <div className="grid grid-cols-2 gap-x-4 gap-y-1.5 pointer-coarse:gap-y-4 pointer-coarse:py-1.5">
          {HEALTH_CLASSES.map((of) => (
            <Checkbox
              key={of}
              checked={classes.includes(of)}
              onChange={(on) => {
                const next = HEALTH_CLASSES.filter((item) =>
                  item === of ? on : classes.includes(item),
                );
                set({ health: next.length > 0 ? next.join(",") : undefined });
              }}
              label={
                <span className="inline-flex items-center gap-1.5">
                  <HealthGlyph of={of} />
                  {words(`health.${of}`)}
                </span>
              }
            />
          ))}
        </div>
      </fieldset>
      <Checkbox
        checked={search.risk === true}
        onChange={(on) => set({ risk: on ? true : undefined })}
        label={t("list.onlyRisk")}
      />
      {(["segment", "owner", "product"] as const).map((field) => {
        const values = facets?.[`${field}s`] ?? [];
        const chosen = search[field];
        // A value of the URL that the server does not list stays chosen, and visible.
        const all = values.map((item) => item.value);
        if (chosen && !all.includes(chosen)) all.push(chosen);
        if (all.length === 0) return null;
        return (
          <Field key={field} label={t(`list.field.${field}`)}>
            <Select
              value={chosen ?? ""}
              onChange={(event) => set({ [field]: event.target.value || undefined })}
            >
              <option value="">{t("list.any")}</option>
              {all.map((value) => (
                <option key={value} value={value}>
                  {value === NOT_SET
                    ? t(field === "owner" ? "list.noOwner" : "list.noSegment")
                    : value}
                </option>
              ))}
            </Select>
          </Field>
        );
      })}
    </div>
  );
}

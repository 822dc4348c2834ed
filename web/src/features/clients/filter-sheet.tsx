/** What the list of clients can be filtered by, each in force at once. */
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog-panel";
import { Field } from "@/components/ui/field";
import { HEALTH_CLASSES, HealthGlyph } from "@/components/ui/health";
import { Select } from "@/components/ui/input";
import { Checkbox } from "@/components/ui/toggles";
import { useFormat } from "@/lib/session";
import { facetsQuery, viewsQuery } from "./api-list";
import { classesOf, NO_FILTERS, NOT_SET, STATUSES, type StatusFilter } from "./client-list-search";
import type { FiltersProps } from "./filters";
import { SortSelect } from "./sort-select";

export function FilterSheet({
  open,
  onOpenChange,
  ...props
}: FiltersProps & { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { t } = useTranslation("clients");
  const format = useFormat();
  return (
    <Sheet
      open={open}
      onOpenChange={onOpenChange}
      title={t("list.filters")}
      footer={
        <>
          <Button variant="ghost" onClick={() => props.set(NO_FILTERS)}>
            {t("list.clear")}
          </Button>
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            {props.total === undefined
              ? t("list.filters")
              : t("list.show", { count: props.total, n: format.number(props.total) })}
          </Button>
        </>
      }
    >
      <Panel {...props} />
    </Sheet>
  );
}

function Panel({ search, set, fallback }: FiltersProps) {
  const { t } = useTranslation("clients");
  const { t: words } = useTranslation();
  const id = useId();
  const facets = useQuery(facetsQuery).data;
  const { data: views } = useQuery(viewsQuery);
  const classes = classesOf(search);
  const status = search.status ?? fallback;
  return (
    <div className="flex flex-col gap-4">
      {/* Wide tables are sorted by their headers. */}
      <div className="md:hidden">
        <Field label={t("list.field.sort")}>
          <SortSelect search={search} set={set} />
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
      {views && views.items.length > 0 && (
        <Field label={t("list.field.view")}>
          <Select
            value={search.view ?? ""}
            onChange={(event) => set({ view: event.target.value || undefined })}
          >
            <option value="">{t("list.any")}</option>
            {views.items.map((view) => (
              <option key={view.id} value={view.id}>
                {view.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
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

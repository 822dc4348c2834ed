/** The part of the portfolio that the page is about: segment, owner, product, saved view, in the URL. */
import { useQuery } from "@tanstack/react-query";
import { ListFilter } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { facetsQuery, viewsQuery } from "./api";
import { type GrowthSearch, isSliced, NOT_SET, SLICE_FIELDS, type Slice, sliceOf } from "./periods";

type SliceField = (typeof SLICE_FIELDS)[number];
const FACETS = { segment: "segments", owner: "owners", product: "products" } as const;
const NOTHING: Slice = {
  segment: undefined,
  owner: undefined,
  product: undefined,
  view: undefined,
};

/** What the URL says; the same object while it says the same. */
export function useSlice(): Slice {
  const [{ segment, owner, product, view }] = useUrlState<GrowthSearch>();
  return useMemo(() => sliceOf({ segment, owner, product, view }), [segment, owner, product, view]);
}

/** Four lists beside the period; one button and a sheet on phones. */
export function SliceFilters() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const phone = usePhone();
  const slice = useSlice();
  const [, set] = useUrlState<GrowthSearch>();
  const [open, setOpen] = useState(false);
  const count = SLICE_FIELDS.filter((field) => slice[field] !== undefined).length;
  const clear = isSliced(slice) && (
    <Button variant="ghost" onClick={() => set(NOTHING)}>
      {t("slice.clear")}
    </Button>
  );
  if (!phone) {
    return (
      <>
        {SLICE_FIELDS.map((field) => (
          <SliceSelect key={field} field={field} inline />
        ))}
        {clear}
      </>
    );
  }
  return (
    <>
      <Button aria-haspopup="dialog" {...Sheet.approach} onClick={() => setOpen(true)}>
        <ListFilter aria-hidden />
        {count > 0 ? t("slice.filtered", { count, n: format.number(count) }) : t("slice.filter")}
      </Button>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={t("slice.title")}
        description={t("slice.text")}
        footer={
          <>
            {clear}
            <Button variant="primary" onClick={() => setOpen(false)}>
              {t("slice.show")}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-4">
          {SLICE_FIELDS.map((field) => (
            <SliceSelect key={field} field={field} />
          ))}
        </div>
      </Sheet>
    </>
  );
}

function SliceSelect({ field, inline }: { field: SliceField; inline?: boolean }) {
  const { t } = useTranslation("growth");
  const [search, set] = useUrlState<GrowthSearch>();
  const facets = useQuery(facetsQuery).data;
  const views = useQuery({ ...viewsQuery, enabled: field === "view" }).data;
  const chosen = search[field];
  const values =
    field === "view"
      ? (views?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
      : (facets?.[FACETS[field]] ?? []).map(({ value }) => ({ value, label: value }));
  // What the URL names stays visible, listed or not.
  if (chosen && chosen !== NOT_SET && !values.some(({ value }) => value === chosen)) {
    values.push({ value: chosen, label: field === "view" ? t("slice.view.gone") : chosen });
  }
  if (values.length === 0 && chosen === undefined) return null;
  return (
    <Field label={t(`slice.${field}.name`)} hideLabel={inline}>
      <Select
        className={
          inline
            ? `${field === "owner" ? "w-44" : "w-38"} [&_select]:h-8 [&_select]:pr-8`
            : undefined
        }
        value={chosen ?? ""}
        onChange={(event) => set({ [field]: event.target.value || undefined })}
      >
        <option value="">{t(`slice.${field}.${inline ? "all" : "any"}`)}</option>
        {values.map(({ value, label }) => (
          <option key={value} value={value}>
            {inline ? t("slice.named", { name: t(`slice.${field}.name`), value: label }) : label}
          </option>
        ))}
        {(field === "segment" || field === "owner") && (
          <option value={NOT_SET}>{t(`slice.${field}.none`)}</option>
        )}
      </Select>
    </Field>
  );
}

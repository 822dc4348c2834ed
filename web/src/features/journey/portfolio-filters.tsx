/** The part of the portfolio that board, lists and durations are about. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { LiveSearch } from "@/components/ui/live-search";
import { useUrlState } from "@/lib/use-url-state";
import { facetsQuery, viewsQuery } from "./api-portfolio";
import type { PortfolioSearch } from "./search";

/** What the address asks, for the server; `q` only where clients are listed. */
export function usePortfolioParams() {
  const [{ inSegment, inOwner, inProduct, inView, named }] = useUrlState<PortfolioSearch>();
  const slice = { segment: inSegment, owner: inOwner, product: inProduct, view: inView };
  return { slice, listed: { ...slice, q: named } };
}

export function PortfolioFilters({
  search: searches,
  owner = true,
}: {
  search?: boolean;
  /** Durations are known by segment alone. */
  owner?: boolean;
}) {
  const { t } = useTranslation("journey");
  const [search, set] = useUrlState<PortfolioSearch>();
  const { data: facets } = useQuery(facetsQuery);
  const views = useQuery({ ...viewsQuery, enabled: search.inView !== undefined }).data;
  const nameless = (field: string, chosen: string) =>
    chosen === "-" ? t("filter.notSet") : field === "inView" ? t("filter.viewGone") : chosen;
  const choice = (
    field: "inSegment" | "inOwner" | "inProduct" | "inView",
    label: string,
    values: readonly { value: string; name?: string }[],
  ) => {
    const chosen = search[field];
    const names = values.map(({ value, name = value }) => ({ value, name }));
    // What the URL names stays visible, listed or not.
    if (chosen && !names.some(({ value }) => value === chosen)) {
      names.push({ value: chosen, name: nameless(field, chosen) });
    }
    if (names.length === 0) return null;
    return (
      <Field label={label} hideLabel className="max-md:min-w-0 max-md:flex-1 max-md:basis-44">
        <Select
          className="max-md:w-full md:w-44 [&_select]:pr-8 md:[&_select]:h-8"
          value={chosen ?? ""}
          onChange={(event) => set({ [field]: event.target.value || undefined })}
        >
          <option value="">{t("filter.all", { name: label })}</option>
          {names.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-2 max-md:basis-full">
      {searches && (
        <div className="max-md:basis-full md:w-52">
          <LiveSearch
            aria-label={t("filter.named")}
            placeholder={t("filter.named")}
            value={search.named}
            onChange={(named) => set({ named })}
            className="w-full"
          />
        </div>
      )}
      {choice("inSegment", t("filter.segment"), facets?.segments ?? [])}
      {owner && choice("inOwner", t("filter.owner"), facets?.owners ?? [])}
      {/* Whoever comes from a figure of a product or a view sees what it was about, and can widen it. */}
      {owner &&
        search.inProduct !== undefined &&
        choice("inProduct", t("filter.product"), facets?.products ?? [])}
      {owner &&
        search.inView !== undefined &&
        choice(
          "inView",
          t("filter.view"),
          (views?.items ?? []).map(({ id, name }) => ({ value: id, name })),
        )}
    </div>
  );
}

/** The order of the clients, where there is no header to click. */
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import { Select } from "@/components/ui/input";
import { type ClientListSearch, DEFAULT_SORT, SORTS, type Sort } from "./client-list-search";

export function SortSelect({
  search,
  set,
  ...select
}: {
  search: ClientListSearch;
  set: (patch: Partial<ClientListSearch>) => void;
} & ComponentProps<typeof Select>) {
  const { t } = useTranslation("clients");
  return (
    <Select
      {...select}
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
  );
}

/** The order of cards, which have no headers to click. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/ui/button";
import { Select } from "@/components/ui/input";
import type { Fact } from "./api";
import { factLabel } from "./words";

export function SortField({
  sort,
  facts,
  onSort,
}: {
  sort: string;
  facts: readonly Fact[];
  onSort: (sort: string) => void;
}) {
  const { t } = useTranslation("advanced");
  const descending = sort.startsWith("-");
  const key = sort.replace(/^-/, "");
  return (
    <span className="flex items-center gap-1 max-md:w-full">
      <Select
        aria-label={t("sort.by")}
        value={key}
        onChange={(event) => onSort(`${descending ? "-" : ""}${event.target.value}`)}
        className="w-44 max-md:flex-1"
      >
        {facts
          .filter((fact) => fact.sortable)
          .map((fact) => (
            <option key={fact.key} value={fact.key}>
              {t("sort.option", { fact: factLabel(t, fact) })}
            </option>
          ))}
      </Select>
      <IconButton
        label={t(descending ? "sort.descending" : "sort.ascending")}
        onClick={() => onSort(descending ? key : `-${key}`)}
      >
        {descending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden />}
      </IconButton>
    </span>
  );
}

/**
 * The long table: sticky header and first column, sort by header, figures on the right, rows drawn
 * only when seen, arrows and Enter, more rows as one scrolls, totals below; rows that are chosen,
 * columns that are resized and moved; on phones, cards and a button for more.
 */
import { useTranslation } from "react-i18next";
import { usePhone } from "@/lib/hooks";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { Cards } from "./cards";
import { Grid } from "./grid";
import type { DataTableProps } from "./types";

export type { Column, DataTableProps, RowSelection } from "./types";

export function DataTable<T>(props: DataTableProps<T>) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { rows, loading, error } = props;
  if (error && rows.length === 0) {
    return (
      <ErrorState
        className="m-4"
        title={props.errorTitle ?? t("table.error")}
        error={error}
        onRetry={props.onRetry}
      />
    );
  }
  if (loading && rows.length === 0) {
    return (
      <Loading className="flex flex-col gap-3 p-4">
        {Array.from({ length: 6 }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: six equal shapes
          <Skeleton key={index} className="h-7 w-full" />
        ))}
      </Loading>
    );
  }
  if (rows.length === 0 && props.empty) return <>{props.empty}</>;
  return phone && props.renderCard ? <Cards {...props} /> : <Grid {...props} />;
}

/** What a long table is told. */
import type { ReactNode } from "react";

export interface Column<T> {
  key: string;
  header: ReactNode;
  /** Said instead of the header when that is a glyph. */
  headerLabel?: string;
  cell: (row: T) => ReactNode;
  /** Name of the sort on the server; absent, the column is not sorted. */
  sort?: string;
  /** First click sorts from the highest. */
  descFirst?: boolean;
  /** Figures go right. */
  align?: "start" | "end";
  /** Width in px (minimum for the first column). */
  width?: number;
  className?: string;
}

/** Rows that can be chosen: by their box, by Space, and up to a row with Shift. */
export interface RowSelection<T> {
  has: (row: T) => boolean;
  /** Of all that the table is about, loaded or not. */
  all: boolean | "indeterminate";
  /** `extend`: from the row chosen before up to this one. */
  onToggle: (index: number, extend: boolean) => void;
  onToggleAll: (on: boolean) => void;
  /** "Select Maison Verdier". */
  label: (row: T) => string;
  allLabel: string;
}

export interface DataTableProps<T> {
  /** Names the table. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** What a row is called when it is opened ("Maison Verdier"). */
  rowLabel: (row: T) => string;
  onOpen?: (row: T) => void;
  /** As in the URL: `mrr`, `-mrr`. */
  sort?: string;
  onSort?: (sort: string) => void;
  /** Rows in all, loaded or not. */
  total?: number;
  hasMore?: boolean;
  loadingMore?: boolean;
  onLoadMore?: () => void;
  /** First load. */
  loading?: boolean;
  error?: unknown;
  errorTitle?: string;
  onRetry?: () => void;
  /** Shown when there is no row. */
  empty?: ReactNode;
  /** Totals: "14 clients sur 214" and, on the right, "Somme du MRR : 39 950 €". */
  footer?: ReactNode;
  /** One row as a card, on phones; wrapped in a button when rows open. */
  renderCard?: (row: T) => ReactNode;
  /** 40 for one line, 45 for two. */
  rowHeight?: 40 | 45;
  /** Another list (other filters, other order) starts at its top again. */
  resetKey?: string;
  /** Highest height of the scrolling part. */
  maxHeight?: string;
  className?: string;
  selection?: RowSelection<T>;
  /** Columns then have the widths they are given, and an edge to drag or to move by arrows. */
  onResize?: (key: string, width: number) => void;
  /** Headers can then be dragged, or moved by Shift and arrows; the first column stays. */
  onMove?: (key: string, to: number) => void;
  /** Told which rows are drawn. */
  onRange?: (first: number, last: number) => void;
}

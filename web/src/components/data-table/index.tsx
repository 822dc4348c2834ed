/**
 * The long table: sticky header and first column, sort by header, figures on the right, rows drawn
 * only when seen, arrows and Enter, more rows as one scrolls, totals below; on phones, cards and
 * a button for more.
 */
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { usePhone } from "@/lib/hooks";
import { LoadMore } from "../ui/misc";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { useRowsInSight } from "./rows-in-sight";

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
}

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

/** On phones a card takes a fifth of the screen: what stands below the list must stay in reach. */
const CARDS = 20;

function Cards<T>({
  label,
  rows,
  rowKey,
  renderCard,
  onOpen,
  footer,
  hasMore = false,
  loadingMore = false,
  onLoadMore,
  resetKey,
}: DataTableProps<T>) {
  const [shown, setShown] = useState(CARDS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the signal
  useEffect(() => setShown(CARDS), [resetKey]);
  function more() {
    const next = Math.min(shown, rows.length) + CARDS;
    setShown(next);
    if (next > rows.length && hasMore) onLoadMore?.();
  }
  return (
    <>
      <ul aria-label={label} className="divide-y divide-border">
        {rows.slice(0, shown).map((row) => (
          <li
            key={rowKey(row)}
            className="[contain-intrinsic-size:auto_64px] [content-visibility:auto]"
          >
            {onOpen ? (
              <button
                type="button"
                className="block w-full px-4 py-3 text-left -outline-offset-2 active:bg-sunken"
                onClick={() => onOpen(row)}
              >
                {renderCard?.(row)}
              </button>
            ) : (
              <div className="px-4 py-3">{renderCard?.(row)}</div>
            )}
          </li>
        ))}
      </ul>
      <LoadMore
        auto={false}
        hasMore={hasMore || shown < rows.length}
        loading={loadingMore}
        onLoadMore={more}
      />
      {footer && <Footer>{footer}</Footer>}
    </>
  );
}

function Footer({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 border-border border-t px-4 py-2.5 text-body text-ink-2">
      {children}
    </div>
  );
}

/** Height of the sticky header, in px. */
const HEADER = 36;

function Grid<T>({
  label,
  columns,
  rows,
  rowKey,
  rowLabel,
  onOpen,
  sort,
  onSort,
  total,
  hasMore = false,
  loadingMore = false,
  onLoadMore,
  footer,
  rowHeight = 40,
  maxHeight = "min(70dvh, 720px)",
  resetKey,
  className,
}: DataTableProps<T>) {
  const { t } = useTranslation();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(0);
  const wantFocus = useRef(false);
  const drawn = useRowsInSight(scroller, rows.length, rowHeight);
  const before = drawn.from * rowHeight;
  const after = (rows.length - drawn.to) * rowHeight;
  const lastSeen = drawn.to - 1;
  const load = useRef(onLoadMore);
  load.current = onLoadMore;

  useEffect(() => {
    if (hasMore && !loadingMore && rows.length > 0 && lastSeen >= rows.length - 10)
      load.current?.();
  }, [hasMore, loadingMore, lastSeen, rows.length]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the signal
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setCursor(0);
  }, [resetKey]);

  // The row may be drawn only after the scroll: the focus follows when it is there.
  useEffect(() => {
    if (!wantFocus.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-row="${cursor}"]`);
    if (row) {
      wantFocus.current = false;
      row.focus({ preventScroll: true });
      // The table's own scroller has moved already; the page around it follows, past its sticky bars.
      row.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });

  function go(index: number) {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    wantFocus.current = true;
    setCursor(to);
    drawn.show(to, HEADER);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, row: T, index: number) {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      go(to);
    } else if (event.key === "Enter" && onOpen) {
      event.preventDefault();
      onOpen(row);
    }
  }

  function onClick(event: MouseEvent, row: T) {
    // Links and buttons inside a row keep their own click; a selection of text is not a click.
    if ((event.target as Element).closest("a,button,input,label")) return;
    if (window.getSelection()?.toString()) return;
    onOpen?.(row);
  }

  function nextSort(column: Column<T>): string {
    const name = column.sort ?? "";
    if (sort === name) return `-${name}`;
    if (sort === `-${name}`) return name;
    return column.descFirst ? `-${name}` : name;
  }

  const tabStop = Math.min(cursor, rows.length - 1);
  return (
    <div className={cn("overflow-hidden rounded-b-card", className)}>
      <p id={`${id}-hint`} className="sr-only">
        {t("table.hint")}
      </p>
      <div
        ref={scroller}
        className="relative overflow-auto [scroll-padding:36px_0_0_200px]"
        style={{ maxHeight }}
      >
        <table
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take the focus and open
          role="grid"
          aria-label={label}
          aria-describedby={`${id}-hint`}
          aria-rowcount={(total ?? rows.length) + 1}
          className="w-full border-separate border-spacing-0 text-body [&>tbody>tr:last-child>*]:border-b-0"
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column, index) => {
                const direction =
                  sort === column.sort
                    ? "ascending"
                    : sort === `-${column.sort}`
                      ? "descending"
                      : "none";
                const sorted = column.sort && direction !== "none";
                const Arrow = direction === "descending" ? ArrowDown : ArrowUp;
                return (
                  <th
                    key={column.key}
                    scope="col"
                    aria-sort={column.sort ? direction : undefined}
                    style={{ width: column.width, minWidth: column.width }}
                    className={cn(
                      "sticky top-0 z-10 h-9 whitespace-nowrap border-border border-b bg-surface px-2.5 font-normal text-ink-3 last:pr-4",
                      index === 0 && "left-0 z-20 pl-4",
                      column.align === "end" ? "text-right" : "text-left",
                    )}
                  >
                    {column.sort && onSort ? (
                      <button
                        type="button"
                        onClick={() => onSort(nextSort(column))}
                        aria-label={t("table.sortBy", {
                          column: column.headerLabel ?? column.header,
                        })}
                        className={cn(
                          "-mx-1 inline-flex h-7 items-center gap-1 rounded-check px-1 -outline-offset-2 hover:text-ink",
                          sorted && "font-medium text-ink",
                        )}
                      >
                        {column.header}
                        {sorted && <Arrow className="size-3.5" aria-hidden />}
                      </button>
                    ) : (
                      <>
                        {column.headerLabel && (
                          <span className="sr-only">{column.headerLabel}</span>
                        )}
                        <span aria-hidden={column.headerLabel ? true : undefined}>
                          {column.header}
                        </span>
                      </>
                    )}
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {before > 0 && (
              <tr aria-hidden>
                <td colSpan={columns.length} style={{ height: before }} />
              </tr>
            )}
            {rows.slice(drawn.from, drawn.to).map((row, place) => {
              const index = drawn.from + place;
              return (
                <tr
                  key={rowKey(row)}
                  data-row={index}
                  aria-rowindex={index + 2}
                  aria-label={rowLabel(row)}
                  tabIndex={index === tabStop ? 0 : -1}
                  onFocus={(event) => {
                    if (event.target === event.currentTarget) setCursor(index);
                  }}
                  onKeyDown={(event) => onKeyDown(event, row, index)}
                  onClick={onOpen ? (event) => onClick(event, row) : undefined}
                  style={{ height: rowHeight }}
                  className={cn("group -outline-offset-2", onOpen && "cursor-pointer")}
                >
                  {columns.map((column, place) => (
                    <td
                      key={column.key}
                      className={cn(
                        "border-border border-b bg-surface px-2.5 py-0 last:pr-4 group-hover:bg-canvas",
                        place === 0 && "sticky left-0 z-1 pl-4",
                        column.align === "end" && "tnum whitespace-nowrap text-right",
                        column.className,
                      )}
                    >
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && (
              <tr aria-hidden>
                <td colSpan={columns.length} style={{ height: after }} />
              </tr>
            )}
          </tbody>
        </table>
        {loadingMore && (
          <div className="p-3">
            <Skeleton className="h-6 w-full" />
          </div>
        )}
      </div>
      {footer && <Footer>{footer}</Footer>}
    </div>
  );
}

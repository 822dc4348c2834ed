/** The table itself. Only the rows in sight are drawn; each is drawn again only when it changes. */
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactElement,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { Skeleton } from "../ui/states";
import { Footer } from "./footer";
import { HeaderCell, MIN_WIDTH } from "./header";
import type { Column, DataTableProps } from "./types";

/** Width of the column of boxes, in px. */
const BOXES = 40;

export function Grid<T>(props: DataTableProps<T>) {
  const { label, rows, rowKey, sort, onSort, onMove, onResize, onRange, total, footer } = props;
  const { hasMore = false, loadingMore = false, rowHeight = 40, resetKey, className } = props;
  const { maxHeight = "min(70dvh, 720px)", selection } = props;
  const { t } = useTranslation();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState(0);
  const wantFocus = useRef(false);
  const [resizing, setResizing] = useState<{ key: string; width: number }>();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: 36,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  const latest = useRef(props);
  latest.current = props;
  const columns = useMemo(
    () =>
      resizing
        ? props.columns.map((column) =>
            column.key === resizing.key ? { ...column, width: resizing.width } : column,
          )
        : props.columns,
    [props.columns, resizing],
  );
  const offset = selection ? BOXES : 0;
  const span = columns.length + (selection ? 1 : 0);

  useEffect(() => {
    if (hasMore && !loadingMore && rows.length > 0 && lastSeen >= rows.length - 10)
      latest.current.onLoadMore?.();
  }, [hasMore, loadingMore, lastSeen, rows.length]);

  useEffect(() => onRange?.(firstSeen, lastSeen), [onRange, firstSeen, lastSeen]);

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

  function go(index: number): number {
    const to = Math.max(0, Math.min(latest.current.rows.length - 1, index));
    wantFocus.current = true;
    setCursor(to);
    virtual.scrollToIndex(to, { align: "auto" });
    return to;
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, row: T, index: number) {
    if (event.target !== event.currentTarget) return;
    const { onOpen, selection: chosen } = latest.current;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: latest.current.rows.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const reached = go(to);
      if (event.shiftKey) chosen?.onToggle(reached, true);
    } else if (event.key === "Enter" && onOpen) {
      event.preventDefault();
      onOpen(row);
    } else if (event.key === " " && chosen) {
      event.preventDefault();
      chosen.onToggle(index, event.shiftKey);
    }
  }

  function onClick(event: MouseEvent, row: T) {
    // Links and buttons inside a row keep their own click; a selection of text is not a click.
    if ((event.target as Element).closest("a,button,input,label")) return;
    if (window.getSelection()?.toString()) return;
    latest.current.onOpen?.(row);
  }

  // One set of handlers for the life of the table: rows need not be drawn again for them.
  const handlers = useRef<RowHandlers<T>>({ onKeyDown, onClick, onFocus: setCursor, onToggle });
  Object.assign(handlers.current, { onKeyDown, onClick });
  function onToggle(index: number, extend: boolean) {
    latest.current.selection?.onToggle(index, extend);
  }

  const tabStop = Math.min(cursor, rows.length - 1);
  const width = onResize
    ? columns.reduce((sum, column) => sum + (column.width ?? MIN_WIDTH), offset)
    : undefined;
  return (
    <div className={cn("overflow-hidden rounded-b-card", className)}>
      <p id={`${id}-hint`} className="sr-only">
        {t(selection ? "table.hintSelect" : "table.hint")}
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
          aria-multiselectable={selection ? true : undefined}
          style={width ? { width, minWidth: "100%" } : undefined}
          className={cn(
            "border-separate border-spacing-0 text-body [&>tbody>tr:last-child>*]:border-b-0",
            width ? "table-fixed" : "w-full",
          )}
        >
          {width !== undefined && (
            <colgroup>
              {selection && <col style={{ width: BOXES }} />}
              {columns.map((column) => (
                <col key={column.key} style={{ width: column.width }} />
              ))}
            </colgroup>
          )}
          <thead>
            <tr aria-rowindex={1}>
              {selection && (
                <th
                  scope="col"
                  className="sticky top-0 left-0 z-20 h-9 w-10 border-border border-b bg-surface pl-4 text-left"
                >
                  <Box
                    label={selection.allLabel}
                    checked={selection.all === true}
                    mixed={selection.all === "indeterminate"}
                    onClick={() => selection.onToggleAll(selection.all !== true)}
                    tabIndex={0}
                  />
                </th>
              )}
              {columns.map((column, index) => (
                <HeaderCell
                  key={column.key}
                  column={column}
                  index={index}
                  offset={offset}
                  sort={sort}
                  onSort={onSort}
                  onMove={onMove}
                  onResize={onResize}
                  onResizing={(key, to) =>
                    setResizing(to === undefined ? undefined : { key, width: to })
                  }
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && (
              <tr aria-hidden>
                <td colSpan={span} style={{ height: before }} />
              </tr>
            )}
            {items.map((item) => {
              const row = rows[item.index];
              if (row === undefined) return null;
              return (
                <GridRow
                  key={rowKey(row)}
                  row={row}
                  index={item.index}
                  label={props.rowLabel(row)}
                  columns={columns}
                  height={rowHeight}
                  stop={item.index === tabStop}
                  opens={Boolean(props.onOpen)}
                  chosen={selection?.has(row)}
                  boxLabel={selection?.label(row)}
                  handlers={handlers.current}
                />
              );
            })}
            {after > 0 && (
              <tr aria-hidden>
                <td colSpan={span} style={{ height: after }} />
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

interface RowHandlers<T> {
  onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>, row: T, index: number) => void;
  onClick: (event: MouseEvent, row: T) => void;
  onFocus: (index: number) => void;
  onToggle: (index: number, extend: boolean) => void;
}

interface GridRowProps<T> {
  row: T;
  index: number;
  label: string;
  columns: readonly Column<T>[];
  height: number;
  /** The one row that Tab reaches. */
  stop: boolean;
  opens: boolean;
  /** Absent where rows are not chosen. */
  chosen: boolean | undefined;
  boxLabel: string | undefined;
  handlers: RowHandlers<T>;
}

const GridRow = memo(function GridRow<T>({
  row,
  index,
  label,
  columns,
  height,
  stop,
  opens,
  chosen,
  boxLabel,
  handlers,
}: GridRowProps<T>) {
  const ground = chosen ? "bg-accent-soft" : "bg-surface group-hover:bg-canvas";
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      aria-label={label}
      aria-selected={chosen}
      tabIndex={stop ? 0 : -1}
      onFocus={(event) => {
        if (event.target === event.currentTarget) handlers.onFocus(index);
      }}
      onKeyDown={(event) => handlers.onKeyDown(event, row, index)}
      onClick={opens ? (event) => handlers.onClick(event, row) : undefined}
      style={{ height }}
      className={cn("group -outline-offset-2", opens && "cursor-pointer")}
    >
      {chosen !== undefined && (
        <td className={cn("sticky left-0 z-1 border-border border-b py-0 pl-4", ground)}>
          <Box
            label={boxLabel ?? label}
            checked={chosen}
            onClick={(event) => handlers.onToggle(index, event.shiftKey)}
          />
        </td>
      )}
      {columns.map((column, at) => (
        <td
          key={column.key}
          style={at === 0 && chosen !== undefined ? { left: BOXES } : undefined}
          className={cn(
            "border-border border-b px-2.5 py-0 last:pr-4",
            ground,
            at === 0 && "sticky left-0 z-1",
            at === 0 && chosen === undefined && "pl-4",
            column.align === "end" && "tnum whitespace-nowrap text-right",
            column.className,
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}) as <T>(props: GridRowProps<T>) => ReactElement;

/** The browser's own box: forty of them cost nothing while one scrolls. */
function Box({
  label,
  checked,
  mixed = false,
  onClick,
  tabIndex = -1,
}: {
  label: string;
  checked: boolean;
  mixed?: boolean;
  onClick: (event: MouseEvent<HTMLInputElement>) => void;
  tabIndex?: number;
}) {
  return (
    // The box is 16 px, its target 24.
    <label className="-m-1 flex size-6 cursor-pointer items-center justify-center">
      <span className="sr-only">{label}</span>
      <input
        ref={(box) => {
          if (box) box.indeterminate = mixed;
        }}
        type="checkbox"
        checked={checked}
        // The row itself takes the keyboard: one stop per row is enough.
        tabIndex={tabIndex}
        onClick={onClick}
        onChange={() => {}}
        className="size-4 cursor-pointer accent-accent"
      />
    </label>
  );
}

/** One header of the table: its sort, the edge that resizes it, the drag that moves it. */
import { ArrowDown, ArrowUp } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import type { Column, DataTableProps } from "./types";

export const MIN_WIDTH = 64;
export const MAX_WIDTH = 640;
/** One press of an arrow, in px. */
const STEP = 16;

export function nextSort<T>(column: Column<T>, sort: string | undefined): string {
  const name = column.sort ?? "";
  if (sort === name) return `-${name}`;
  if (sort === `-${name}`) return name;
  return column.descFirst ? `-${name}` : name;
}

export function HeaderCell<T>({
  column,
  index,
  offset,
  sort,
  onSort,
  onMove,
  onResizing,
  onResize,
}: Pick<DataTableProps<T>, "sort" | "onSort" | "onMove" | "onResize"> & {
  column: Column<T>;
  index: number;
  /** Where the sticky first column stands, in px. */
  offset: number;
  /** The width while the edge is held. */
  onResizing: (key: string, width: number | undefined) => void;
}) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  const direction =
    sort === column.sort ? "ascending" : sort === `-${column.sort}` ? "descending" : "none";
  const sorted = column.sort && direction !== "none";
  const Arrow = direction === "descending" ? ArrowDown : ArrowUp;
  // What stands first stays first: it names the row.
  const movable = onMove && index > 0;

  function onKeyDown(event: KeyboardEvent) {
    if (!movable || !event.shiftKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || index + by < 1) return;
    event.preventDefault();
    onMove(column.key, index + by);
  }

  return (
    <th
      scope="col"
      aria-sort={column.sort ? direction : undefined}
      style={{
        ...(onResize ? {} : { width: column.width, minWidth: column.width }),
        ...(index === 0 ? { left: offset } : {}),
      }}
      className={cn(
        "group/th sticky top-0 z-10 h-9 whitespace-nowrap border-border border-b bg-surface px-2.5 font-normal text-ink-3 last:pr-4",
        index === 0 && "left-0 z-20",
        index === 0 && offset === 0 && "pl-4",
        column.align === "end" ? "text-right" : "text-left",
        over && "bg-accent-soft",
      )}
      onDragOver={
        movable
          ? (event) => {
              if (!event.dataTransfer.types.includes(COLUMN)) return;
              event.preventDefault();
              setOver(true);
            }
          : undefined
      }
      onDragLeave={() => setOver(false)}
      onDrop={
        movable
          ? (event) => {
              event.preventDefault();
              setOver(false);
              const key = event.dataTransfer.getData(COLUMN);
              if (key && key !== column.key) onMove(key, index);
            }
          : undefined
      }
    >
      {column.sort && onSort ? (
        <button
          type="button"
          draggable={movable ? true : undefined}
          onDragStart={(event) => event.dataTransfer.setData(COLUMN, column.key)}
          onKeyDown={onKeyDown}
          onClick={() => onSort(nextSort(column, sort))}
          aria-label={t("table.sortBy", {
            column: column.headerLabel ?? column.header,
          })}
          className={cn(
            "-mx-1 inline-flex h-7 items-center gap-1 rounded-check px-1 -outline-offset-2 hover:text-ink",
            sorted && "font-medium text-ink",
            // A width that was chosen may be too small for the word.
            onResize && "max-w-full",
          )}
        >
          <span className={onResize && "truncate"}>{column.header}</span>
          {sorted && <Arrow className="size-3.5 shrink-0" aria-hidden />}
        </button>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the sheet of columns does the same by keyboard
        <span
          draggable={movable ? true : undefined}
          onDragStart={(event) => event.dataTransfer.setData(COLUMN, column.key)}
          className="block truncate"
        >
          {column.headerLabel && <span className="sr-only">{column.headerLabel}</span>}
          <span aria-hidden={column.headerLabel ? true : undefined}>{column.header}</span>
        </span>
      )}
      {onResize && (
        <Edge
          label={t("table.resize", { column: column.headerLabel ?? column.header })}
          width={column.width ?? MIN_WIDTH}
          onResizing={(width) => onResizing(column.key, width)}
          onResize={(width) => onResize(column.key, width)}
        />
      )}
    </th>
  );
}

const COLUMN = "application/x-essor-column";
const clamp = (width: number) => Math.round(Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width)));

/** The right edge of a column: dragged, or moved by arrows. */
function Edge({
  label,
  width,
  onResizing,
  onResize,
}: {
  label: string;
  width: number;
  onResizing: (width: number | undefined) => void;
  onResize: (width: number) => void;
}) {
  const [held, setHeld] = useState<{ x: number; width: number }>();
  const at = (event: PointerEvent) => (held ? clamp(held.width + event.clientX - held.x) : width);
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      tabIndex={0}
      className="absolute inset-y-0 right-0 w-2 cursor-col-resize touch-none after:absolute after:inset-y-2 after:right-0 after:w-px after:bg-transparent hover:after:bg-border-strong focus-visible:after:w-0.5 focus-visible:after:bg-accent group-hover/th:after:bg-border"
      onKeyDown={(event) => {
        const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        onResize(clamp(width + by));
      }}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setHeld({ x: event.clientX, width });
      }}
      onPointerMove={(event) => held && onResizing(at(event))}
      onPointerUp={(event) => {
        if (!held) return;
        setHeld(undefined);
        onResizing(undefined);
        onResize(at(event));
      }}
      onPointerCancel={() => {
        setHeld(undefined);
        onResizing(undefined);
      }}
    />
  );
}

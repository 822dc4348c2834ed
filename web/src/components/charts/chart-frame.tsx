/**
 * The frame around a plot: title, unit, one tab stop with arrows, tooltip, legend, table view and
 * exports. The plot itself is drawn for the eyes only; the frame says everything in words.
 */
import { ChartSpline, Download, Ellipsis, Image, Table2 } from "lucide-react";
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useId,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { type CsvCell, downloadCsv, fileName } from "@/lib/download";
import { usePhone } from "@/lib/hooks";
import { useLocale } from "@/lib/i18n";
import { IconButton } from "../ui/button";
import { Card, CardHeader } from "../ui/card";
import { Menu, MenuItem } from "../ui/menu";
import { Table, Td, Th } from "../ui/table";
import { toastError } from "../ui/toast";
import { exportPng } from "./export-png";
import { type ChartBase, colorOf, type Dash, dashArray, type SeriesColor } from "./types";

/** Room kept around the plot; the frame places tooltips with the same numbers. */
export const PLOT = { left: 48, right: 14, top: 22, bottom: 26 } as const;

export interface FramePoint {
  key: string;
  label: string;
  /** Lines of the tooltip and cells of the table, in the order of the columns. */
  cells: readonly FrameCell[];
}

export interface FrameCell {
  label: string;
  text: string;
  raw: CsvCell;
  /** Columns of the file in place of `raw`, where one cell says more than one number. */
  file?: readonly { label: string; raw: CsvCell }[];
  inTooltip?: boolean;
}

export interface LegendItem {
  key: string;
  label: string;
  color: SeriesColor;
  kind: "line" | "bar" | "band";
  dash?: Dash;
}

export interface ChartFrameProps extends ChartBase {
  points: readonly FramePoint[];
  columns: readonly string[];
  legend?: readonly LegendItem[];
  /** Points sit on the edges (lines) or in the middle of their slot (bars). */
  spread: "edges" | "slots";
  /** Room for labels on the right of the plot. */
  right?: number;
  above?: ReactNode;
  children: (state: { active: number | null; height: number }) => ReactNode;
}

export function ChartFrame(props: ChartFrameProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const phone = usePhone();
  const id = useId();
  const plot = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState(false);
  const [active, setActive] = useState<number | null>(null);
  /** Where a range begins that is being chosen. */
  const [anchor, setAnchor] = useState<number | null>(null);
  const dragged = useRef(false);
  const [focused, setFocused] = useState(false);
  const { points, columns, spread, right = PLOT.right, onOpenPoint, onRange } = props;
  const last = points.length - 1;
  const height = props.height ?? (phone ? 200 : 260);
  const point = active === null ? undefined : points[Math.min(active, last)];

  function share(index: number): number {
    if (spread === "slots") return (index + 0.5) / Math.max(1, points.length);
    return last <= 0 ? 0.5 : index / last;
  }

  /** Where keys stand; none of them when one is not on the plot. */
  function shareOf(keys: readonly string[] | undefined): number[] | undefined {
    const indexes = keys?.map((key) => points.findIndex((item) => item.key === key));
    return indexes?.every((index) => index >= 0) ? indexes.map(share) : undefined;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Record<string, number> = {
      ArrowRight: Math.min(last, (active ?? -1) + 1),
      ArrowLeft: Math.max(0, (active ?? points.length) - 1),
      Home: 0,
      End: last,
    };
    const move = moves[event.key];
    if (move !== undefined && last >= 0) {
      event.preventDefault();
      if (!event.shiftKey) setAnchor(null);
      else if (onRange && anchor === null) setAnchor(active ?? move);
      setActive(move);
    } else if (event.key === "Enter" && point && (onOpenPoint || onRange)) {
      event.preventDefault();
      if (!openRange(active)) onOpenPoint?.(point.key);
    } else if (event.key === "Escape") {
      setActive(null);
      setAnchor(null);
    } else if (event.key.toLowerCase() === "t") {
      event.preventDefault();
      setTable(true);
    }
  }

  function indexAt(event: PointerEvent | React.MouseEvent): number | null {
    const box = plot.current?.getBoundingClientRect();
    if (!box || last < 0) return null;
    const width = box.width - PLOT.left - right;
    const at = (event.clientX - box.left - PLOT.left) / width;
    if (at < -0.05 || at > 1.05) return null;
    const index = spread === "slots" ? Math.floor(at * points.length) : Math.round(at * last);
    return Math.max(0, Math.min(last, index));
  }

  /** Opens what lies between the anchor and a point, if that is a range. */
  function openRange(index: number | null): boolean {
    const ends = [anchor, index].map((at) => (at === null ? undefined : points[at]));
    setAnchor(null);
    const [one, other] = ends;
    if (!onRange || !one || !other || anchor === index) return false;
    const turned = (anchor ?? 0) > (index ?? 0);
    onRange(turned ? other.key : one.key, turned ? one.key : other.key);
    return true;
  }

  function saveCsv() {
    const names = columns.flatMap(
      (column, index) => points[0]?.cells[index]?.file?.map((part) => part.label) ?? [column],
    );
    downloadCsv(
      fileName(props.title),
      [props.pointLabel ?? t("chart.period"), ...names],
      points.map((item) => [
        item.label,
        ...item.cells.flatMap((cell) => cell.file?.map((part) => part.raw) ?? [cell.raw]),
      ]),
      locale,
    );
  }

  async function savePng() {
    const svg = plot.current?.querySelector("svg.recharts-surface");
    if (!svg) return;
    try {
      await exportPng(svg as SVGSVGElement, props.title, props.unit ?? "", fileName(props.title));
    } catch (error) {
      toastError(error);
    }
  }

  const toggle = table ? t("chart.showChart") : t("chart.showTable");
  return (
    <Card aria-labelledby={id} className={cn("flex flex-col", props.className)}>
      <CardHeader
        id={id}
        level={props.level}
        title={props.title}
        subtitle={props.subtitle}
        actions={
          <>
            {!phone && props.actions}
            <IconButton label={toggle} aria-pressed={table} onClick={() => setTable(!table)}>
              {table ? <ChartSpline aria-hidden /> : <Table2 aria-hidden />}
            </IconButton>
            <Menu
              trigger={
                <IconButton label={t("chart.menu")}>
                  <Ellipsis aria-hidden />
                </IconButton>
              }
            >
              <MenuItem icon={<Image aria-hidden />} disabled={table} onSelect={savePng}>
                {t("chart.png")}
              </MenuItem>
              <MenuItem icon={<Download aria-hidden />} onSelect={saveCsv}>
                {t("chart.csv")}
              </MenuItem>
            </Menu>
          </>
        }
      />
      {/* Beside the title there is no room for them on a phone. */}
      {phone && props.actions && (
        <div className="-mt-1 flex flex-wrap gap-2 px-4 pb-3">{props.actions}</div>
      )}
      {table ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: T brings the chart back from inside the table
        <div
          className="max-h-96 overflow-y-auto"
          onKeyDown={(event) => {
            if (event.key.toLowerCase() === "t" && !event.ctrlKey && !event.metaKey)
              setTable(false);
          }}
        >
          <Table aria-label={t("chart.tableOf", { title: props.title })}>
            <thead>
              <tr>
                <Th>{props.pointLabel ?? t("chart.period")}</Th>
                {columns.map((column) => (
                  <Th key={column} end>
                    {column}
                  </Th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map((item) => (
                <tr key={item.key}>
                  <th
                    scope="row"
                    className="h-9 whitespace-nowrap border-border border-b px-2 pl-4 text-left font-medium"
                  >
                    {onOpenPoint ? (
                      <button
                        type="button"
                        className="min-h-6 text-accent-words hover:underline"
                        onClick={() => onOpenPoint(item.key)}
                      >
                        {item.label}
                      </button>
                    ) : (
                      item.label
                    )}
                  </th>
                  {item.cells.map((cell) => (
                    <Td key={cell.label} end className="h-9">
                      {cell.text}
                    </Td>
                  ))}
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : points.length === 0 ? (
        <p className="px-4 pb-6 text-ink-2">{t("chart.noData")}</p>
      ) : (
        <>
          {props.above}
          {props.unit && <p className="px-4 text-ink-3 text-meta">{props.unit}</p>}
          <div
            ref={plot}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows walk the points of the chart
            tabIndex={0}
            role="application"
            aria-roledescription={t("chart.role")}
            aria-label={props.title}
            aria-describedby={`${id}-hint`}
            className={cn(
              "relative mx-1 rounded-control",
              onOpenPoint && "cursor-pointer",
              // A finger that moves sideways chooses; one that moves up or down scrolls.
              onRange && "touch-pan-y select-none",
            )}
            style={{ height }}
            onKeyDown={onKeyDown}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false);
              setActive(null);
              setAnchor(null);
            }}
            onPointerDown={(event) => {
              dragged.current = false;
              if (onRange && event.button === 0) setAnchor(indexAt(event));
            }}
            onPointerMove={(event) => setActive(indexAt(event))}
            onPointerUp={(event) => {
              dragged.current = openRange(indexAt(event));
            }}
            onPointerCancel={() => setAnchor(null)}
            onPointerLeave={() => {
              setActive(null);
              setAnchor(null);
            }}
            onClick={(event) => {
              if (dragged.current) return;
              const index = indexAt(event);
              const target = index === null ? undefined : points[index];
              if (target) onOpenPoint?.(target.key);
            }}
          >
            <div aria-hidden className="absolute inset-0">
              {props.children({ active, height })}
            </div>
            <Highlights
              span={
                anchor !== null && active !== null && anchor !== active
                  ? [share(anchor), share(active)]
                  : shareOf(props.span)
              }
              marks={(props.marks ?? []).flatMap((mark) => {
                const [at] = shareOf([mark.key]) ?? [];
                return at === undefined ? [] : [{ ...mark, share: at }];
              })}
              right={right}
            />
            {point && active !== null && (
              <Tip point={point} share={share(Math.min(active, last))} right={right} />
            )}
          </div>
          <p id={`${id}-hint`} className="sr-only">
            {t("chart.hint")} {onRange && t("chart.hintRange")}
          </p>
          <p aria-live="polite" className="sr-only">
            {focused && point
              ? `${point.label}. ${point.cells.map((cell) => `${cell.label} ${cell.text}`).join(", ")}`
              : ""}
          </p>
          {props.legend && props.legend.length > 0 ? (
            <Legend items={props.legend} />
          ) : (
            <div className="h-3" />
          )}
        </>
      )}
      {props.footer && <div className="px-4 pb-4">{props.footer}</div>}
    </Card>
  );
}

/** A band between two points, and rules with a word at others; under the tooltip. */
function Highlights({
  span,
  marks,
  right,
}: {
  span: readonly number[] | undefined;
  marks: readonly { key: string; label: string; share: number }[];
  right: number;
}) {
  const at = (share: number) => `calc(${PLOT.left}px + (100% - ${PLOT.left + right}px) * ${share})`;
  const [one = 0, other = 0] = span ?? [];
  const [from, to] = one < other ? [one, other] : [other, one];
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0">
      {span && (
        <span
          className="absolute border-accent border-x bg-accent/8"
          style={{
            left: at(from),
            width: `calc((100% - ${PLOT.left + right}px) * ${to - from})`,
            top: PLOT.top,
            bottom: PLOT.bottom,
          }}
        />
      )}
      {marks.map((mark) => (
        <span
          key={mark.key}
          className="absolute border-accent border-l border-dashed"
          style={{ left: at(mark.share), top: 4, bottom: PLOT.bottom }}
        >
          <span
            className={cn(
              "absolute top-0 whitespace-nowrap rounded-check bg-accent-soft px-1 font-medium text-accent-words text-tick",
              mark.share > 0.5 ? "right-0.5" : "left-0.5",
            )}
          >
            {mark.label}
          </span>
        </span>
      ))}
    </div>
  );
}

/** Rule and tooltip at a point; HTML, so that it never leaves the plot and keeps its type. */
function Tip({ point, share, right }: { point: FramePoint; share: number; right: number }) {
  const left = `calc(${PLOT.left}px + (100% - ${PLOT.left + right}px) * ${share})`;
  const shift = share > 0.5 ? "translateX(calc(-100% - 12px))" : "translateX(12px)";
  const cells = point.cells.filter((cell) => cell.inTooltip !== false);
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 z-10">
      <span
        className="absolute w-px bg-border-strong"
        style={{ left, top: PLOT.top, bottom: PLOT.bottom }}
      />
      <div
        className="absolute top-4 w-max max-w-64 rounded-control border border-border bg-popover px-3 py-2 text-meta shadow-float"
        style={{ left, transform: shift }}
      >
        <p className="mb-0.5 font-semibold">{point.label}</p>
        {cells.map((cell) => (
          <p key={cell.label} className="flex justify-between gap-4">
            <span className="text-ink-2">{cell.label}</span>
            <span className="tnum whitespace-nowrap font-semibold">{cell.text}</span>
          </p>
        ))}
      </div>
    </div>
  );
}

function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 px-4 pt-1 pb-4 text-ink-2 text-meta">
      {items.map((item) => (
        <li key={item.key} className="flex items-center gap-2">
          <svg width={item.kind === "bar" ? 10 : 20} height="10" aria-hidden>
            {item.kind === "line" ? (
              <line
                x1="0"
                x2="20"
                y1="5"
                y2="5"
                strokeWidth="2"
                stroke={colorOf(item.color)}
                strokeDasharray={dashArray[item.dash ?? "solid"]}
              />
            ) : (
              <rect
                width={item.kind === "bar" ? 10 : 20}
                height="10"
                rx="2"
                style={
                  {
                    fill: colorOf(item.color),
                    opacity: item.kind === "band" ? 0.28 : 1,
                  } as CSSProperties
                }
              />
            )}
          </svg>
          {item.label}
        </li>
      ))}
    </ul>
  );
}

/** What every chart shares. */
import type { ReactNode } from "react";

/** Place in the palette; at most six series, in this order. */
export type SeriesColor = 1 | 2 | 3 | 4 | 5 | 6 | "ink" | "muted";

/** The classes of health have colours of their own. */
export type ClassTone = "excellent" | "good" | "watch" | "critical";

/** Fixed meanings: a kind of movement has the same colour everywhere. */
export const movementColor = {
  new: 1,
  expansion: 2,
  churn: 3,
  contraction: 4,
  reactivation: 5,
} as const;

/** Fixed looks of the scenarios. */
export const scenarioLook = {
  conservative: { color: 5, dash: "dotted" },
  optimistic: { color: 1, dash: "solid" },
  aggressive: { color: 4, dash: "dashed" },
} as const satisfies Record<string, { color: SeriesColor; dash: Dash }>;

export type Dash = "solid" | "dashed" | "dotted";
export const dashArray: Record<Dash, string | undefined> = {
  solid: undefined,
  dashed: "8 4",
  dotted: "2 4",
};

export function colorOf(color: SeriesColor | ClassTone): string {
  if (color === "ink") return "var(--ink)";
  if (color === "muted") return "var(--ink-3)";
  if (typeof color === "string") return `var(--${color}-mark)`;
  return `var(--series-${color})`;
}

export interface ChartPoint {
  key: string;
  /** In full: tooltip, table, announcements ("novembre 2026"). */
  label: string;
  /** On the axis ("nov."). */
  tick?: string;
  /** A bar of one series in the colour of a class; words must say the class too. */
  tone?: ClassTone;
  /** By key of series. */
  values: Record<string, number | null | undefined>;
  /** By key of band: lowest and highest. */
  bands?: Record<string, readonly [number, number] | null | undefined>;
}

export interface ChartSeries {
  key: string;
  label: string;
  color: SeriesColor;
  dash?: Dash;
}

/** What all three charts take. */
export interface ChartBase {
  /** The finding: "Dans six mois : 207,9 k€ de MRR". */
  title: string;
  subtitle?: ReactNode;
  level?: 2 | 3;
  /** Above the axis: "k€ / mois". */
  unit?: string;
  /** Writes a value in the tooltip, the table and the announcements. */
  formatValue: (value: number) => string;
  /** Writes a tick; by default like a value. */
  formatAxis?: (value: number) => string;
  /** Enter or click on a point: opens its clients. */
  onOpenPoint?: (key: string) => void;
  /** Dragging over the plot, or Shift with arrows and Enter: opens what lies between two points. */
  onRange?: (from: string, to: string) => void;
  /** Points that stand out, each with a rule and a word. */
  marks?: readonly { key: string; label: string }[];
  /** What lies between two points stands out. */
  span?: readonly [from: string, to: string];
  /** Controls in the header, before the table and export buttons. */
  actions?: ReactNode;
  /** Name of the first column of the table; "Period" by default. */
  pointLabel?: string;
  /** Height of the plot in px (260; 200 on phones). */
  height?: number;
  /** Rate between the numbers of the series and those of the exported CSV (0.01 for cents). */
  csvScale?: number;
  footer?: ReactNode;
  className?: string;
}

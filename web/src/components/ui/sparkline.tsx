/** A small curve without axes; holes stay holes. */
import { useTranslation } from "react-i18next";
import { cn } from "@/lib/cn";
import { useFormat, useHealthFloors } from "@/lib/session";
import { classOfScore, type HealthClass } from "./health";

export interface SparklineProps {
  values: readonly (number | null)[];
  /** Colour of the curve: a health class (by default that of the last value) or the accent. */
  tone?: HealthClass | "accent";
  /** Fixed scale; by default the values' own, widened a little. */
  domain?: [number, number];
  width?: number;
  height?: number;
  /** Replaces the sentence made from the values. */
  label?: string;
  className?: string;
}

export function Sparkline({
  values,
  tone,
  domain,
  width = 64,
  height = 20,
  label,
  className,
}: SparklineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const floors = useHealthFloors();
  const known = values.filter((value): value is number => value != null);
  const last = known.at(-1);
  if (known.length < 2 || last === undefined) {
    return (
      <span className={cn("text-ink-3", className)}>
        <span aria-hidden>{format.number(null)}</span>
        <span className="sr-only">{t("sparkline.none")}</span>
      </span>
    );
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  // Never less than ten units high: a change of one point must not look like a fall.
  const slack = Math.max(0, 10 - (high - low)) / 2;
  const [from, to] = domain ?? [low - slack, high + slack];
  const pad = 3;
  const x = (index: number) => pad + (index * (width - 2 * pad)) / Math.max(1, values.length - 1);
  const y = (value: number) =>
    height - pad - ((value - from) * (height - 2 * pad)) / (to - from || 1);

  let path = "";
  let pen = false;
  let end = { x: 0, y: 0 };
  values.forEach((value, index) => {
    if (value == null) {
      pen = false;
      return;
    }
    end = { x: x(index), y: y(value) };
    path += `${pen ? "L" : "M"}${end.x.toFixed(1)} ${end.y.toFixed(1)}`;
    pen = true;
  });
  const of = tone ?? classOfScore(last, floors);
  const color =
    of === "accent" ? "var(--accent)" : of === "unknown" ? "var(--ink-3)" : `var(--${of}-mark)`;
  return (
    <svg
      role="img"
      aria-label={
        label ??
        t("sparkline.label", {
          first: format.number(known[0], { digits: 1 }),
          last: format.number(last, { digits: 1 }),
          min: format.number(low, { digits: 1 }),
          max: format.number(high, { digits: 1 }),
        })
      }
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={cn("inline-block shrink-0", className)}
      fill="none"
    >
      <path
        d={path}
        stroke={color}
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={end.x} cy={end.y} r="2" fill={color} />
    </svg>
  );
}

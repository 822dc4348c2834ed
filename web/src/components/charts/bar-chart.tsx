/** Bars from zero, side by side or stacked (losses go below the line). */
import {
  Bar,
  CartesianGrid,
  BarChart as Chart,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame, PLOT } from "./chart-frame";
import { type ChartBase, type ChartPoint, type ChartSeries, colorOf } from "./types";

export interface BarChartProps extends ChartBase {
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  stacked?: boolean;
  /** Points that have not come yet: drawn lighter, with an outline. */
  faint?: (key: string) => boolean;
}

export default function BarChart({
  points,
  series,
  stacked = true,
  faint,
  ...frame
}: BarChartProps) {
  const { formatValue, csvScale = 1 } = frame;
  const formatAxis = frame.formatAxis ?? formatValue;
  return (
    <ChartFrame
      {...frame}
      spread="slots"
      columns={series.map((item) => item.label)}
      points={points.map((point) => ({
        key: point.key,
        label: point.label,
        cells: series.map((item) => {
          const value = point.values[item.key];
          return {
            label: item.label,
            text: value == null ? "—" : formatValue(value),
            raw: value == null ? null : value * csvScale,
          };
        }),
      }))}
      legend={
        series.length > 1 ? series.map((item) => ({ ...item, kind: "bar" as const })) : undefined
      }
    >
      {({ active, height }) => (
        <ResponsiveContainer width="100%" height={height}>
          <Chart
            data={points as ChartPoint[]}
            accessibilityLayer={false}
            stackOffset={stacked ? "sign" : "none"}
            margin={{ top: PLOT.top, right: PLOT.right, bottom: 0, left: 0 }}
            barCategoryGap="28%"
          >
            <CartesianGrid vertical={false} stroke="var(--border)" />
            <XAxis
              dataKey="key"
              tickFormatter={(key: string) => points.find((point) => point.key === key)?.tick ?? ""}
              axisLine={false}
              tickLine={false}
              height={PLOT.bottom}
              tickMargin={8}
              minTickGap={12}
            />
            <YAxis
              width={PLOT.left}
              tickFormatter={formatAxis}
              axisLine={false}
              tickLine={false}
              tickMargin={6}
            />
            <ReferenceLine y={0} stroke="var(--border-strong)" />
            {series.map((item) => (
              <Bar
                key={item.key}
                dataKey={(point: ChartPoint) => point.values[item.key] ?? null}
                stackId={stacked ? "all" : undefined}
                maxBarSize={36}
                isAnimationActive={false}
                activeBar={false}
                fill={colorOf(item.color)}
                shape={(bar: unknown) => {
                  const { x, y, width, height: h, index } = bar as Shape;
                  // Two pixels between the parts of a stack; heights may come negative.
                  const top = Math.min(y, y + h);
                  const size = Math.max(0, Math.abs(h) - (stacked ? 1 : 0));
                  const ahead = faint?.(points[index]?.key ?? "") ?? false;
                  return (
                    <rect
                      x={x}
                      y={top}
                      width={width}
                      height={size}
                      rx={1.5}
                      fill={colorOf(points[index]?.tone ?? item.color)}
                      fillOpacity={ahead ? 0.35 : 1}
                      stroke={ahead ? colorOf(item.color) : "none"}
                      strokeDasharray={ahead ? "3 2" : undefined}
                      opacity={active === null || active === index ? 1 : 0.55}
                    />
                  );
                }}
              />
            ))}
          </Chart>
        </ResponsiveContainer>
      )}
    </ChartFrame>
  );
}

interface Shape {
  x: number;
  y: number;
  width: number;
  height: number;
  index: number;
}

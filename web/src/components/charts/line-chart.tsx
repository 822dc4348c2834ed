/** Lines over time, with forecast bands, a "today" rule, zones and thresholds. Never smoothed. */
import { useTranslation } from "react-i18next";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import { ChartFrame, PLOT } from "./chart-frame";
import { axisOf, niceTicks } from "./ticks";
import { type ChartBase, type ChartPoint, type ChartSeries, colorOf, dashArray } from "./types";

export interface LineChartProps extends ChartBase {
  points: readonly ChartPoint[];
  series: readonly ChartSeries[];
  /** From the widest to the narrowest; values are in `point.bands`. */
  bands?: readonly { key: string; label: string; color?: ChartSeries["color"] }[];
  /** Key of the point of today. */
  today?: string;
  /** Lowest and highest of the axis; by default from the data, not from zero. */
  domain?: [number | "auto", number | "auto"];
  ticks?: readonly number[];
  /** Coloured horizontal zones with their word on the right (health classes). */
  zones?: readonly {
    from: number;
    to: number;
    label: string;
    tone: "excellent" | "good" | "watch" | "critical";
  }[];
  /** Dashed horizontal lines: "Seuil d'alerte 60". */
  thresholds?: readonly { value: number; label: string }[];
  /** A value holds until the next one: drawn as stairs. */
  steps?: boolean;
  /** Numbered marks on the first series. */
  markers?: readonly { key: string; number: number }[];
}

export default function LineChart({
  points,
  series,
  bands = [],
  today,
  domain = ["auto", "auto"],
  ticks,
  zones = [],
  thresholds = [],
  markers = [],
  steps = false,
  ...frame
}: LineChartProps) {
  const { t } = useTranslation();
  const { formatValue, csvScale = 1 } = frame;
  const formatAxis = frame.formatAxis ?? formatValue;
  const auto = domain[0] === "auto" && domain[1] === "auto" && ticks === undefined;
  const round = auto
    ? niceTicks([
        ...points.flatMap((point) => series.flatMap((item) => point.values[item.key] ?? [])),
        ...points.flatMap((point) => bands.flatMap((band) => [...(point.bands?.[band.key] ?? [])])),
        ...thresholds.map((threshold) => threshold.value),
        ...zones.flatMap((zone) => [zone.from, zone.to]),
      ])
    : [];
  const scale = round.length > 0 ? axisOf(round) : { domain, ticks: ticks as number[] | undefined };
  const right = zones.length > 0 ? 84 : PLOT.right;
  const tickOf = new Map(points.map((point) => [point.key, point.tick ?? ""]));
  const lastKey = points.at(-1)?.key;
  const write = (value: number | null | undefined) => (value == null ? "—" : formatValue(value));

  return (
    <ChartFrame
      {...frame}
      spread="edges"
      right={right}
      columns={[...series.map((item) => item.label), ...bands.map((band) => band.label)]}
      points={points.map((point) => ({
        key: point.key,
        label: point.label,
        cells: [
          ...series.map((item) => {
            const value = point.values[item.key];
            return {
              label: item.label,
              text: write(value),
              raw: value == null ? null : value * csvScale,
              inTooltip: value != null,
            };
          }),
          ...bands.map((band) => {
            const range = point.bands?.[band.key];
            const text = range
              ? t("chart.interval", { low: formatValue(range[0]), high: formatValue(range[1]) })
              : "—";
            const end = (name: "low" | "high", value: number | undefined) => ({
              label: t(`chart.${name}`, { name: band.label }),
              raw: value === undefined ? null : value * csvScale,
            });
            return {
              label: band.label,
              text,
              raw: null,
              file: [end("low", range?.[0]), end("high", range?.[1])],
              inTooltip: range != null,
            };
          }),
        ],
      }))}
      legend={
        series.length + bands.length > 1
          ? [
              ...series.map((item) => ({ ...item, kind: "line" as const })),
              ...bands.map((band) => ({
                key: band.key,
                label: band.label,
                color: band.color ?? (1 as const),
                kind: "band" as const,
              })),
            ]
          : []
      }
    >
      {({ active, height }) => (
        <ResponsiveContainer width="100%" height={height}>
          <ComposedChart
            data={points as ChartPoint[]}
            accessibilityLayer={false}
            margin={{ top: PLOT.top, right, bottom: 0, left: 0 }}
          >
            {zones.map((zone) => (
              <ReferenceArea
                key={zone.label}
                y1={zone.from}
                y2={zone.to}
                fill={`var(--${zone.tone}-soft)`}
                fillOpacity={1}
                stroke="none"
                label={(props) => (
                  <text
                    x={(props.viewBox?.x ?? 0) + (props.viewBox?.width ?? 0) + 8}
                    y={(props.viewBox?.y ?? 0) + (props.viewBox?.height ?? 0) / 2 + 4}
                    fontSize="11"
                    style={{ fill: `var(--${zone.tone}-text)` }}
                  >
                    {zone.label}
                  </text>
                )}
              />
            ))}
            <CartesianGrid vertical={false} stroke="var(--border)" />
            <XAxis
              dataKey="key"
              tickFormatter={(key: string) => tickOf.get(key) ?? ""}
              tick={({ x, y, payload }) => (
                // The last word ends at the plot's edge instead of running past it.
                <text
                  x={x}
                  y={Number(y) + 8}
                  className="recharts-text"
                  textAnchor={payload.value === lastKey && points.length > 1 ? "end" : "middle"}
                >
                  {tickOf.get(payload.value)}
                </text>
              )}
              axisLine={{ stroke: "var(--border)" }}
              tickLine={false}
              height={PLOT.bottom}
              tickMargin={8}
              minTickGap={28}
              interval="preserveStartEnd"
            />
            <YAxis
              width={PLOT.left}
              {...scale}
              tickFormatter={formatAxis}
              axisLine={false}
              tickLine={false}
              tickMargin={6}
            />
            {bands.map((band) => (
              <Area
                key={band.key}
                dataKey={(point: ChartPoint) => point.bands?.[band.key] ?? null}
                type="linear"
                stroke="none"
                fill={colorOf(band.color ?? 1)}
                fillOpacity={0.14}
                isAnimationActive={false}
                activeDot={false}
              />
            ))}
            {thresholds.map((threshold) => (
              <ReferenceLine
                key={threshold.label}
                y={threshold.value}
                stroke="var(--ink-3)"
                strokeDasharray="4 4"
                label={(props) => (
                  // A halo, for the curve may pass behind the words.
                  <text
                    x={(props.viewBox?.x ?? 0) + 6}
                    y={(props.viewBox?.y ?? 0) - 6}
                    fontSize="11"
                    fill="var(--ink-2)"
                    stroke="var(--surface)"
                    strokeWidth={4}
                    strokeLinejoin="round"
                    paintOrder="stroke"
                  >
                    {threshold.label}
                  </text>
                )}
              />
            ))}
            {today && (
              <ReferenceLine
                x={today}
                stroke="var(--ink-3)"
                strokeDasharray="2 3"
                label={{ value: t("chart.today"), position: "top", fontSize: 11 }}
              />
            )}
            {series.map((item, rank) => (
              <Line
                key={item.key}
                dataKey={(point: ChartPoint) => point.values[item.key] ?? null}
                type={steps ? "stepAfter" : "linear"}
                stroke={colorOf(item.color)}
                strokeWidth={2}
                strokeDasharray={dashArray[item.dash ?? "solid"]}
                isAnimationActive={false}
                activeDot={false}
                dot={({ cx, cy, index, value }) => {
                  const mark =
                    rank === 0
                      ? markers.find((marker) => marker.key === points[index]?.key)
                      : undefined;
                  const following = points[index + 1]?.values;
                  // Where another series takes over from the same point, the curve goes on.
                  const goesOn = series.some(
                    (other) =>
                      following?.[other.key] != null &&
                      points[index]?.values[other.key] === points[index]?.values[item.key],
                  );
                  const ends = index === points.length - 1 || !goesOn;
                  const key = `${item.key}-${index}`;
                  if (value == null || cy == null || Number.isNaN(cy)) return <g key={key} />;
                  if (mark) {
                    return (
                      <g key={key}>
                        <circle cx={cx} cy={cy} r={8} fill="var(--surface)" stroke="var(--ink)" />
                        <text
                          x={cx}
                          y={cy + 3.5}
                          textAnchor="middle"
                          fontSize="10"
                          fill="var(--ink)"
                        >
                          {mark.number}
                        </text>
                      </g>
                    );
                  }
                  if (index !== active && !ends) return <g key={key} />;
                  return (
                    <circle
                      key={key}
                      cx={cx}
                      cy={cy}
                      r={4}
                      fill={index === active ? "var(--surface)" : colorOf(item.color)}
                      stroke={colorOf(item.color)}
                      strokeWidth={2}
                    />
                  );
                }}
              />
            ))}
          </ComposedChart>
        </ResponsiveContainer>
      )}
    </ChartFrame>
  );
}

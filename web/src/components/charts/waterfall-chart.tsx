/**
 * How an amount became another. The axis counts the change since the opening, so that bars start
 * from zero and stay readable beside a large opening; both ends are written above.
 */
import {
  Bar,
  CartesianGrid,
  BarChart as Chart,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import { usePhone } from "@/lib/hooks";
import { ChartFrame, PLOT } from "./chart-frame";
import { axisOf, niceTicks, roomBelow } from "./ticks";
import { type ChartBase, colorOf, type SeriesColor } from "./types";

export interface WaterfallStep {
  key: string;
  label: string;
  /** On the axis, when the label is long. */
  tick?: string;
  /** Signed. */
  value: number;
  color: SeriesColor;
  /** Beside the value in the tooltip and the table: "6 clients". */
  detail?: string;
}

export interface WaterfallChartProps extends ChartBase {
  opening: { label: string; value: number };
  closing: { label: string; value: number };
  steps: readonly WaterfallStep[];
  /** Name of the last bar: "Variation nette". */
  netLabel: string;
  /** On the axis, when that is long. */
  netTick?: string;
  /** Name of the column of values. */
  valueLabel: string;
  /** Writes a signed change; by default like a value. */
  formatChange?: (value: number) => string;
}

/** What a value takes under its bar, in px. */
const UNDER = 20;

interface Slot extends WaterfallStep {
  range: [number, number];
  net?: boolean;
}

export default function WaterfallChart({
  opening,
  closing,
  steps,
  netLabel,
  netTick,
  valueLabel,
  formatChange,
  ...frame
}: WaterfallChartProps) {
  const phone = usePhone();
  const { formatValue, csvScale = 1 } = frame;
  const write = formatChange ?? formatValue;
  const formatAxis = frame.formatAxis ?? write;
  let sum = 0;
  const slots: Slot[] = steps.map((step) => {
    const from = sum;
    sum += step.value;
    return { ...step, range: [from, sum] };
  });
  slots.push({
    key: "net",
    label: netLabel,
    tick: netTick,
    value: sum,
    color: "ink",
    range: [0, sum],
    net: true,
  });

  const axis = axisOf(niceTicks([0, ...slots.flatMap((slot) => slot.range)]));
  const falls = slots.filter((slot) => slot.value < 0).map((slot) => Math.min(...slot.range));
  /** Values of falls stand under their bars: they must not reach the words of the axis. */
  const domain = (height: number) => {
    const [low = 0, high = 0] = axis.domain;
    const plot = height - PLOT.top - PLOT.bottom;
    const room = phone ? [] : falls.map((value) => roomBelow(value, high, UNDER, plot));
    return [Math.min(low, ...room), high];
  };

  return (
    <ChartFrame
      {...frame}
      spread="slots"
      columns={[valueLabel]}
      // Bars are too narrow on phones for words and amounts: they stand below, with their colour.
      legend={
        phone
          ? slots.map((slot) => ({
              key: slot.key,
              label: `${slot.label} ${write(slot.value)}`,
              color: slot.color,
              kind: "bar" as const,
            }))
          : undefined
      }
      points={[
        ...slots.map((slot) => ({
          key: slot.key,
          label: slot.label,
          cells: [
            {
              label: valueLabel,
              text: slot.detail ? `${write(slot.value)} · ${slot.detail}` : write(slot.value),
              raw: slot.value * csvScale,
            },
          ],
        })),
      ]}
      above={
        <dl className="flex justify-between gap-4 px-4 pb-2 text-body">
          {[opening, closing].map((end, index) => (
            <div key={end.label} className={index === 1 ? "text-right" : undefined}>
              <dt className="text-ink-3 text-meta">{end.label}</dt>
              <dd className="tnum font-semibold">{formatValue(end.value)}</dd>
            </div>
          ))}
        </dl>
      }
    >
      {({ active, height }) => (
        <ResponsiveContainer width="100%" height={height}>
          <Chart
            data={slots}
            accessibilityLayer={false}
            margin={{ top: PLOT.top, right: PLOT.right, bottom: 0, left: 0 }}
            barCategoryGap="24%"
          >
            <CartesianGrid vertical={false} syncWithTicks stroke="var(--border)" />
            <XAxis
              dataKey="key"
              tick={!phone}
              tickFormatter={(key: string) => {
                const slot = slots.find((item) => item.key === key);
                return slot?.tick ?? slot?.label ?? "";
              }}
              interval={0}
              axisLine={false}
              tickLine={false}
              height={PLOT.bottom}
              tickMargin={8}
            />
            <YAxis
              width={PLOT.left}
              domain={domain(height)}
              ticks={axis.ticks}
              tickFormatter={formatAxis}
              axisLine={false}
              tickLine={false}
              tickMargin={6}
            />
            <ReferenceLine y={0} stroke="var(--border-strong)" />
            <Bar
              dataKey="range"
              maxBarSize={56}
              isAnimationActive={false}
              activeBar={false}
              shape={(bar: unknown) => {
                const {
                  x,
                  y,
                  width,
                  height: h,
                  index,
                } = bar as {
                  x: number;
                  y: number;
                  width: number;
                  height: number;
                  index: number;
                };
                const slot = slots[index];
                if (!slot) return <g />;
                const top = Math.min(y, y + h);
                const size = Math.max(1.5, Math.abs(h));
                const dim = active !== null && active !== index;
                return (
                  <g opacity={dim ? 0.55 : 1}>
                    <rect
                      x={x}
                      y={top}
                      width={width}
                      height={size}
                      rx={2}
                      fill={slot.net ? "var(--ink-2)" : colorOf(slot.color)}
                    />
                    {!phone && (
                      <text
                        x={x + width / 2}
                        y={slot.value < 0 ? top + size + 13 : top - 6}
                        textAnchor="middle"
                        fontSize="11"
                        fontWeight="600"
                        fill="var(--ink)"
                      >
                        {write(slot.value)}
                      </text>
                    )}
                  </g>
                );
              }}
            />
          </Chart>
        </ResponsiveContainer>
      )}
    </ChartFrame>
  );
}

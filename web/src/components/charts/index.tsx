/**
 * Charts come in a chunk of their own, with the library that draws them: pages import from here,
 * and see a skeleton of the same shape while it loads.
 */
import { lazy, type ReactNode, Suspense } from "react";
import { Card } from "../ui/card";
import { Loading, Skeleton } from "../ui/states";
import type { BarChartProps } from "./bar-chart";
import type { LineChartProps } from "./line-chart";
import type { ChartBase } from "./types";
import type { WaterfallChartProps } from "./waterfall-chart";

export type { BarChartProps } from "./bar-chart";
export type { LineChartProps } from "./line-chart";
export * from "./types";
export type { WaterfallChartProps, WaterfallStep } from "./waterfall-chart";

const Lines = lazy(() => import("./line-chart"));
const Bars = lazy(() => import("./bar-chart"));
const Waterfall = lazy(() => import("./waterfall-chart"));

export function LineChart(props: LineChartProps) {
  return (
    <Deferred {...props}>
      <Lines {...props} />
    </Deferred>
  );
}

export function BarChart(props: BarChartProps) {
  return (
    <Deferred {...props}>
      <Bars {...props} />
    </Deferred>
  );
}

export function WaterfallChart(props: WaterfallChartProps) {
  return (
    <Deferred {...props}>
      <Waterfall {...props} />
    </Deferred>
  );
}

function Deferred({ height, className, children }: ChartBase & { children: ReactNode }) {
  return (
    <Suspense fallback={<ChartSkeleton height={height} className={className} />}>
      {children}
    </Suspense>
  );
}

/** The shape of a chart card, while its data or its code is on its way. */
export function ChartSkeleton({
  height = 260,
  className,
}: {
  height?: number;
  className?: string;
}) {
  return (
    <Card className={className}>
      <Loading className="p-4">
        <Skeleton className="h-5 w-64 max-w-full" />
        <Skeleton className="mt-2 h-4 w-40" />
        <div style={{ height }} className="flex items-end pt-6">
          <Skeleton className="size-full" />
        </div>
      </Loading>
    </Card>
  );
}

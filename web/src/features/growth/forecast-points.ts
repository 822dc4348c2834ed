/** From the answer of the forecast to the points of its charts. Pure. */
import type { ChartPoint } from "@/components/charts";
import type { Format } from "@/lib/format";
import type { Forecast, ForecastMonth, Objective, Pipeline } from "./api";
import { endOfMonth } from "./periods";
import { targetOn } from "./values";

/** The closes to show: `months` of them before today, the current month apart. */
export function shownHistory(forecast: Forecast, months: number) {
  const first = forecast.history.findIndex((close) => close.mrrCents > 0);
  const known = first < 0 ? [] : forecast.history.slice(first);
  return known.slice(-(months + 1));
}

/** Whether today closes its month: it is then the last close, and no point of its own. */
export function closesToday(forecast: Forecast): boolean {
  const last = forecast.history.at(-1);
  return last !== undefined && endOfMonth(last.month) === forecast.asOf;
}

type MonthWords = Pick<Format, "date" | "dayMonth" | "month" | "monthShort">;

/** Realised closes, today, and the months to come with their intervals; keys are days. */
export function forecastPoints(
  format: MonthWords,
  forecast: Forecast,
  months: number,
  objective?: Objective,
): ChartPoint[] {
  const target = (day: string) => (objective ? targetOn(objective, day) : undefined);
  const past: ChartPoint[] = shownHistory(forecast, months).map((close) => {
    const day = endOfMonth(close.month);
    return {
      key: day,
      label: format.month(day),
      tick: format.monthShort(day),
      values: { realised: close.mrrCents, target: target(day) },
    };
  });
  const now = forecast.nowCents;
  const joined = forecast.base.length > 0;
  const today: ChartPoint = {
    key: forecast.asOf,
    label: format.date(forecast.asOf),
    // Unless today closes its month, the month has a point of its own at its end; the rule says "today".
    tick: joined && !closesToday(forecast) ? "" : format.monthShort(forecast.asOf),
    values: {
      realised: now,
      forecast: joined ? now : undefined,
      target: target(forecast.asOf),
    },
    bands: joined ? { b80: [now, now], b50: [now, now] } : undefined,
  };
  if (closesToday(forecast)) past.pop();
  const ahead = forecast.base.map((month: ForecastMonth): ChartPoint => {
    const day = endOfMonth(month.month);
    return {
      key: day,
      label: format.month(day),
      tick: format.monthShort(day),
      values: { forecast: month.p50, target: target(day) },
      bands: { b80: [month.p10, month.p90], b50: [month.p25, month.p75] },
    };
  });
  return [...past, today, ...ahead];
}

/** The same by part: what each was, is, and may become. */
export function partPoints(format: MonthWords, forecast: Forecast, months: number): ChartPoint[] {
  const shown = shownHistory(forecast, months);
  const skipped = forecast.history.length - shown.length;
  const values = (of: (part: Forecast["parts"][number]) => number | undefined) =>
    Object.fromEntries(forecast.parts.map((part) => [part.key, of(part)]));
  const point = (day: string, label: string, of: Parameters<typeof values>[0]): ChartPoint => ({
    key: day,
    label,
    tick: format.monthShort(day),
    values: values(of),
  });
  const past = shown.map((close, index) => {
    const day = endOfMonth(close.month);
    return point(day, format.month(day), (part) => part.history[skipped + index]?.mrrCents);
  });
  if (closesToday(forecast)) past.pop();
  const now = point(forecast.asOf, format.date(forecast.asOf), (part) => part.nowCents);
  const today = { ...now, tick: format.dayMonth(forecast.asOf) };
  const ahead = forecast.base.map((month, index) => {
    const day = endOfMonth(month.month);
    return point(day, format.month(day), (part) => part.base[index]?.p50);
  });
  return [...past, today, ...ahead];
}

/** What each stage pays today and, where a forecast could be shared out, on its day. */
export function stagePoints(format: MonthWords, pipeline: Pipeline, asOf: string): ChartPoint[] {
  const point = (
    day: string,
    label: string,
    tick: string,
    of: (stage: Pipeline["stages"][number]) => number | null | undefined,
  ): ChartPoint => ({
    key: day,
    label,
    tick,
    values: Object.fromEntries(pipeline.stages.map((stage) => [stage.key, of(stage) ?? undefined])),
  });
  const today = point(asOf, format.date(asOf), format.dayMonth(asOf), (stage) => stage.mrrCents);
  const day = pipeline.forecastDay;
  if (!day) return [today];
  return [
    today,
    point(day, format.month(day), format.monthShort(day), (stage) => stage.forecastCents),
  ];
}

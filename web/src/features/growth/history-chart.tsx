/** MRR at each month's end; a point opens the movements of its month. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ChartSkeleton, LineChart } from "@/components/charts";
import { Card } from "@/components/ui/card";
import { ErrorState } from "@/components/ui/states";
import { usePhone } from "@/lib/hooks";
import { useFormat } from "@/lib/session";
import { historyQuery } from "./api";
import { historyTitle } from "./finding";
import type { Months, Moves } from "./periods";
import { monthOf } from "./periods";

/** As high as its neighbour, the waterfall with its two more lines. */
const HEIGHT = 320;

export function HistoryChart({
  months,
  onOpen,
}: {
  months: Months;
  onOpen: (moves: Moves) => void;
}) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const phone = usePhone();
  const history = useQuery(historyQuery(months));
  if (!history.data) {
    return history.isError ? (
      <Card className="p-4">
        <ErrorState
          title={t("history.error")}
          error={history.error}
          onRetry={() => void history.refetch()}
        />
      </Card>
    ) : (
      <ChartSkeleton height={HEIGHT} />
    );
  }
  const { points } = history.data;
  const first = points[0];
  const last = points.at(-1);
  // While another period is on its way, the title still speaks of the points that are shown.
  const shownMonths = history.isPlaceholderData ? Math.max(1, points.length - 1) : months;
  const scale = format.moneyScale(Math.max(...points.map((point) => point.mrrCents), 0));
  return (
    <LineChart
      title={historyTitle(t, format, points, shownMonths)}
      subtitle={
        first &&
        last &&
        t("history.subtitle", {
          from: format.money(first.mrrCents),
          fromDay: format.date(first.day),
          to: format.money(last.mrrCents),
        })
      }
      unit={t("history.unit", { unit: scale.unit })}
      height={phone ? undefined : HEIGHT}
      points={points.map((point, index) => ({
        key: point.day,
        label:
          index === 0 || index === points.length - 1
            ? format.date(point.day)
            : format.month(point.day),
        tick: format.monthShort(point.day),
        values: { mrr: point.mrrCents },
      }))}
      series={[{ key: "mrr", label: t("history.realised"), color: 1 }]}
      formatValue={format.money}
      formatAxis={scale.write}
      csvScale={1 / format.minorUnits()}
      onOpenPoint={(day) => onOpen(monthOf(day))}
    />
  );
}

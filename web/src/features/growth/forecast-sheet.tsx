/** What stands behind a month of the forecast: its percentiles, how they are made, and the model's record. */
import { useTranslation } from "react-i18next";
import { Sheet } from "@/components/ui/dialog";
import { useFormat } from "@/lib/session";
import type { Forecast } from "./api";
import { endOfMonth } from "./periods";
import { Reliability } from "./reliability";

const LEVELS = [
  "p5",
  "p10",
  "p15",
  "p25",
  "p35",
  "p50",
  "p55",
  "p75",
  "p85",
  "p90",
  "p95",
] as const;

export function ForecastSheet({
  forecast,
  month,
  onClose,
}: {
  forecast: Forecast;
  /** `2027-01`; closed without one. */
  month: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const found = forecast.base.find((item) => item.month === month);
  return (
    <Sheet
      open={found !== undefined}
      onOpenChange={(open) => !open && onClose()}
      title={found && t("forecast.sheet.title", { month: format.month(endOfMonth(found.month)) })}
      description={found && t("forecast.sheet.text", { date: format.date(forecast.asOf) })}
    >
      {found && (
        <>
          <dl className="mb-4">
            {LEVELS.map((level) => (
              <div key={level} className="flex justify-between gap-4 py-0.5">
                <dt className="text-ink-2">
                  {t("forecast.sheet.level", {
                    pct: format.percentValue(100 - Number(level.slice(1))),
                  })}
                </dt>
                <dd className="tnum font-semibold">{format.money(found[level])}</dd>
              </div>
            ))}
          </dl>
          <Reliability forecast={forecast} />
        </>
      )}
    </Sheet>
  );
}

/** How many months the figures and the forecast are about, in the URL. */
import { useTranslation } from "react-i18next";
import { Segmented } from "@/components/ui/segmented";
import { useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { DEFAULT_MONTHS, type GrowthSearch, MONTHS } from "./periods";

export function PeriodSwitch() {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const [{ months = DEFAULT_MONTHS }, set] = useUrlState<GrowthSearch>();
  return (
    <Segmented
      label={t("period")}
      value={months}
      onChange={(value) => set({ months: value === DEFAULT_MONTHS ? undefined : value })}
      options={MONTHS.map((value) => ({
        value,
        label: t("months", { count: value, n: format.number(value) }),
      }))}
    />
  );
}

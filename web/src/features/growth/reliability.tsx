/** What the forecast is worth: how often its past intervals held what came, or how much is missing to say so. */
import { useTranslation } from "react-i18next";
import { useFormat } from "@/lib/session";
import type { Forecast } from "./api";

export function Reliability({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation("growth");
  const format = useFormat();
  const { reliability } = forecast;
  const n = format.number;
  if (reliability.method == null) {
    return (
      <Progress
        text={t("forecast.missing", {
          count: reliability.closesMissing,
          missing: n(reliability.closesMissing),
          have: n(reliability.closes),
          needed: n(reliability.closesNeeded),
        })}
        share={reliability.closes / reliability.closesNeeded}
      />
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {!reliability.verifiable && (
        <Progress
          text={t("forecast.unverified", {
            count: reliability.origins,
            n: n(reliability.origins),
            needed: n(reliability.originsNeeded),
          })}
          share={reliability.origins / reliability.originsNeeded}
        />
      )}
      {reliability.origins > 0 && (
        <dl className="flex flex-col gap-1">
          {(["band80", "band50", "p15", "p50"] as const).map((key) => (
            <div key={key} className="flex justify-between gap-4">
              <dt className="text-ink-2">{t(`forecast.record.${key}`)}</dt>
              <dd className="tnum whitespace-nowrap font-semibold">
                {t("forecast.record.of", {
                  held: n(reliability[key].held),
                  of: n(reliability[key].of),
                  pct: format.percent(reliability[key].held / reliability[key].of, { digits: 0 }),
                })}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p className="text-ink-3 text-meta">
        {t("forecast.method", {
          horizon: n(reliability.horizon),
          closes: n(reliability.closes),
          trend: format.money(reliability.trendCents, { signed: true }),
          phi: n(reliability.phi, { digits: 2 }),
          beta: n(reliability.beta, { digits: 2 }),
        })}
      </p>
    </div>
  );
}

function Progress({ text, share }: { text: string; share: number }) {
  return (
    <div>
      <p className="text-ink-2">{text}</p>
      <div aria-hidden className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className="h-full rounded-full bg-accent"
          style={{ width: `${Math.min(100, 100 * share)}%` }}
        />
      </div>
    </div>
  );
}

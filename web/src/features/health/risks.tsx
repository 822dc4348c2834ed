/** Risks, the dearest first: what, since when, how many points. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Card, CardHeader } from "@/components/ui/card";
import { HealthGlyph } from "@/components/ui/health";
import { RiskLine } from "@/components/ui/risk-line";
import { useFormat } from "@/lib/session";
import type { Health } from "./api";
import { inForce, profilesQuery } from "./api-profiles";

export function Risks({ health, frozenOn }: { health: Health; frozenOn?: string | null }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { risks } = health;
  return (
    <Card aria-labelledby="risks">
      <CardHeader
        id="risks"
        title={
          risks.length === 0
            ? t("risks.none")
            : t(frozenOn ? "risks.titlePast" : "risks.title", {
                count: risks.length,
                n: format.number(risks.length),
              })
        }
        subtitle={
          risks.length === 0
            ? t(health.score == null ? "risks.noneUnknown" : "risks.noneText")
            : risks.length > 1
              ? t("risks.overlap")
              : undefined
        }
      />
      {risks.length === 0 ? (
        <div className="h-1" />
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {risks.map((risk) => (
            <RiskLine
              key={risk.key}
              risk={risk}
              since={risk.since && t("risks.since", { day: format.date(risk.since) })}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Why there is no number, and what would bring one. */
export function NoScore({ health, segment }: { health: Health; segment?: string | null }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { data: profiles } = useQuery(profilesQuery);
  const profile = profiles && inForce(profiles, segment)?.profile;
  return (
    <Card className="flex items-start gap-3 p-4">
      <HealthGlyph of="unknown" className="mt-0.5 size-5" />
      <div className="min-w-0">
        <h2 className="font-semibold text-card">{t("unknown.title")}</h2>
        <p className="mt-0.5 max-w-prose text-ink-2">
          {t(health.coverage === 0 ? "unknown.textNothing" : "unknown.text", {
            pct: format.percent(health.coverage, { digits: 0 }),
            least: format.percent(profile?.minCoverage, { digits: 0 }),
          })}
        </p>
      </div>
    </Card>
  );
}

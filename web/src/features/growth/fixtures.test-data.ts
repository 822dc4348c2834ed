/** One month that adds up: 182 050 € + 8 680 € − 4 310 € = 186 420 €. */
import type { Forecast, Objective, Summary, Waterfall } from "./api";

export const summary: Summary = {
  asOf: "2026-11-23",
  currency: "EUR",
  mrrCents: 18_642_000,
  mrrChangePct: 2.4,
  previousMrrCents: 18_205_000,
  previousDay: "2026-10-31",
  activeClients: 214,
  activeChange: 5,
  meanHealth: 72.6,
  scoredClients: 197,
  meanHealthChange30d: 1.8,
  atRiskClients: 11,
  atRiskMrrCents: 2_431_000,
  atRiskChange7d: 3,
  healthClasses: { excellent: 82, good: 68, watch: 36, critical: 11, unknown: 17 },
  monthMovements: {
    new: 520_000,
    expansion: 348_000,
    reactivation: 0,
    contraction: -116_000,
    churn: -315_000,
  },
  clientsTotal: 231,
  objectivesReachedPct: (100 * 7) / 9,
  objectives: {
    reached: 7,
    due: 9,
    meanProgressPct: 91,
    onTrack: 1,
    late: 1,
    quarterFrom: "2026-10-01",
    quarterTo: "2026-12-31",
  },
  computedAt: "2026-11-23T10:42:00Z",
};

export const month: Waterfall = {
  from: "2026-10-31",
  to: "2026-11-23",
  currency: "EUR",
  openingCents: 18_205_000,
  closingCents: 18_642_000,
  kinds: [
    { kind: "new", cents: 520_000, count: 6 },
    { kind: "expansion", cents: 348_000, count: 11 },
    { kind: "reactivation", cents: 0, count: 1 },
    { kind: "contraction", cents: -116_000, count: 4 },
    { kind: "churn", cents: -315_000, count: 2 },
  ],
};

const held = { held: 9, of: 11 };

/** Six months ahead of the same day. */
export const forecast: Forecast = {
  asOf: "2026-11-23",
  currency: "EUR",
  computedAt: "2026-11-23T10:42:00Z",
  nowCents: 18_642_000,
  history: ["2026-08", "2026-09", "2026-10"].map((at, index) => ({
    month: at,
    mrrCents: 17_800_000 + index * 200_000,
  })),
  base: ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"].map((at, index) => {
    const p50 = 18_700_000 + index * 418_000;
    const around = (share: number) => p50 + Math.round(share * (index + 1) * 175_000);
    return {
      month: at,
      p5: around(-1.3),
      p10: around(-0.94),
      p15: around(-0.8),
      p25: around(-0.5),
      p35: around(-0.3),
      p50,
      p55: around(0.1),
      p75: around(0.5),
      p85: around(0.8),
      p90: around(1.06),
      p95: around(1.3),
    };
  }),
  parts: [],
  reliability: {
    method: "damped_drift",
    closes: 6,
    closesNeeded: 8,
    closesMissing: 2,
    phi: 0.9,
    beta: 0.1,
    trendCents: 400_000,
    horizon: 6,
    origins: 11,
    originsNeeded: 24,
    verifiable: false,
    band50: held,
    band80: held,
    p15: held,
    p50: held,
  },
};

/** 205 k€ at the end of May. */
export const objective: Objective = {
  id: "o",
  name: "Cap de mai",
  metric: "mrr",
  unit: "cents",
  direction: "up",
  startValue: 18_000_000,
  target: 20_500_000,
  startDate: "2026-09-01",
  dueDate: "2027-05-31",
  value: 18_642_000,
  progressPct: 25.7,
  pacePct: 30.5,
  state: "behind",
  chancePct: 62,
  points: [],
};

/** One month that adds up: 182 050 € + 8 680 € − 4 310 € = 186 420 €. */
import type { Summary, Waterfall } from "./api";

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

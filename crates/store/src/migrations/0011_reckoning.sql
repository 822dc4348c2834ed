-- Cohorts ------------------------------------------------------------------------------------------------------------
-- What moved in a month among the clients that first paid in another, both as YYYY-MM: kept beside the ledger like
-- growth_slices, under the same words. An older binary would leave it behind.
CREATE TABLE growth_cohorts (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    segment TEXT NOT NULL,
    owner TEXT NOT NULL,
    cohort TEXT NOT NULL,
    month TEXT NOT NULL,
    -- Clients that began, what they began with, and the net change of MRR and of how many pay.
    began BIGINT NOT NULL,
    began_cents BIGINT NOT NULL,
    cents BIGINT NOT NULL,
    clients BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, product, segment, owner, cohort, month)
) WITHOUT_ROWID;

-- Figures of clients that another table names one by one: those that pay for a product, those with an opportunity.
CREATE INDEX clients_by_id ON clients (workspace_id, id, segment, owner, status, health_class, at_risk, mrr_cents, health, top_risk_key);
-- The list by when clients were last seen, as far as a page goes.
CREATE INDEX clients_by_seen ON clients (workspace_id, last_seen_at, id);
-- Statistics that a process gathered when it ended: with them SQLite plans otherwise than statements were written for.
 FORGET_STATISTICS;

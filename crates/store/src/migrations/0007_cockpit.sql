-- The clients that one risk worries most, those who pay most first. Partial, so that SQLite, which has no statistics, takes
-- it only for a question about risks.
CREATE INDEX clients_by_cause ON clients (workspace_id, top_risk_key, mrr_cents, id) WHERE top_risk_key IS NOT NULL;

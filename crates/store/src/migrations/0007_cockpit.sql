-- The clients that one risk worries most, those who pay most first.
CREATE INDEX clients_by_cause ON clients (workspace_id, top_risk_key, mrr_cents, id);

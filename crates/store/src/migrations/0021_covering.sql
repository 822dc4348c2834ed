-- What a part of the portfolio stood at on a day: the evidence of each score is not read for it.
CREATE INDEX health_history_standing ON health_history (workspace_id, client_id, day, at, score, class, at_risk);
-- Counts by stage walk through the clients as the other figures do.
DROP INDEX clients_by_id;
CREATE INDEX clients_by_id ON clients (workspace_id, id, segment, owner, status, health_class, at_risk, mrr_cents, health, top_risk_key, stage);

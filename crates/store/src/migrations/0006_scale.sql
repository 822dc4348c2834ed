-- Figures and lists of many clients -----------------------------------------------------------------------------------
-- The key of the risk that costs most points, out of the JSON, so that an index can hold it.
ALTER TABLE clients ADD COLUMN top_risk_key TEXT;
UPDATE clients SET top_risk_key = top_risk ->> 'key' WHERE top_risk IS NOT NULL;
-- One index covers what a portfolio is counted by, for all of it and for a segment: no table is read.
CREATE INDEX clients_figures ON clients (workspace_id, segment, owner, status, health_class, at_risk, mrr_cents, health, top_risk_key, id);
DROP INDEX clients_totals;
DROP INDEX clients_by_segment;
DROP INDEX clients_by_owner;
CREATE INDEX clients_by_owner ON clients (workspace_id, owner, id);
-- Covers the search by name or domain, with how many it finds and what they pay.
DROP INDEX clients_by_name;
CREATE INDEX clients_by_name ON clients (workspace_id, name_key, id, domain, status, mrr_cents);
-- Clients without a score come last either way.
DROP INDEX clients_by_health;
CREATE INDEX clients_healthiest ON clients (workspace_id, (COALESCE(health, -1)), id);
CREATE INDEX clients_unhealthiest ON clients (workspace_id, (COALESCE(health, 101)), id);
-- The ranked list in its order, and its sums, without a table read.
DROP INDEX opportunities_ranked;
CREATE INDEX opportunities_ranked ON opportunities (workspace_id, expected_cents, id, state, list, detector, client_id);
CREATE INDEX opportunities_figures ON opportunities (workspace_id, state, list, client_id, detector, amount_cents, expected_cents, won_cents);
-- Facts about one client are looked at before the stream of usage: 0 comes first.
ALTER TABLE jobs ADD COLUMN turn INT NOT NULL DEFAULT 1;
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (kind, turn, run_at);

-- The next day on which a subscription of the client renews: kept with the ledger, moved on when the day has come.
ALTER TABLE clients ADD COLUMN renews_on DAY;
-- By renewal, and who has one: sorts, and finds those whose day has come.
CREATE INDEX clients_by_renewal ON clients (workspace_id, renews_on, id, status, mrr_cents) WHERE renews_on IS NOT NULL;
-- The walk through the facts counts renewals too.
DROP INDEX clients_facts;
CREATE INDEX clients_facts ON clients (workspace_id, segment_key, owner_key, status, mrr_cents, health_class, at_risk, health, country_key, plan_key, industry_key, last_seen_at, first_paid_on, since, created_at, renews_on, id);
-- Nothing asks for ends by day any more.
DROP INDEX clients_subscriptions_end;
-- Ledgers that stand are computed anew, so that their renewals are there too.
INSERT INTO jobs (id, workspace_id, kind, key, run_at, version, attempts)
SELECT id, id, 'growth.rebuild', '', created_at, 1, 0 FROM identity_workspaces w
WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.workspace_id = w.id AND j.kind = 'growth.rebuild' AND j.key = '');

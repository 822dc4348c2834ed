-- The metrics that sources send: what each is called. Signals name theirs, and hold its value as their score.
CREATE TABLE clients_metrics (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    key KEYTEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (workspace_id, key)
);
ALTER TABLE clients_signals ADD COLUMN metric_id UUID;
-- The latest value of a metric at a client, and nothing else of its signals.
CREATE INDEX clients_signals_metric ON clients_signals (metric_id, client_id, occurred_at, id, score) WHERE metric_id IS NOT NULL;

-- Facts that are compared: the words of a client without case and accents, folded in Rust, so that both engines compare
-- and sort alike. Each is written with its word.
ALTER TABLE clients ADD COLUMN segment_key KEYTEXT;
ALTER TABLE clients ADD COLUMN industry_key KEYTEXT;
ALTER TABLE clients ADD COLUMN country_key KEYTEXT;
ALTER TABLE clients ADD COLUMN owner_key KEYTEXT;
ALTER TABLE clients ADD COLUMN plan_key KEYTEXT;
-- Covers what filters ask most and sorts of it: one walk through an index instead of through all clients' rows.
CREATE INDEX clients_facts ON clients (workspace_id, segment_key, owner_key, status, mrr_cents, health_class, at_risk, health, country_key, plan_key, industry_key, last_seen_at, first_paid_on, since, created_at, id);
-- Renewals that come near.
CREATE INDEX clients_subscriptions_end ON clients_subscriptions (workspace_id, end_date, client_id);

-- Fields of one's own -------------------------------------------------------------------------------------------------
CREATE TABLE clients_fields (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    label TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The words of a choice; null for other kinds.
    choices JSON,
    position INT NOT NULL,
    created_at INSTANT NOT NULL,
    UNIQUE (workspace_id, key)
);
-- One typed column holds the value, by the field's kind; several words of one field are several rows.
CREATE TABLE clients_field_values (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    field_id UUID NOT NULL REFERENCES clients_fields (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    position INT NOT NULL,
    text TEXT,
    text_key KEYTEXT,
    number DOUBLE,
    cents BIGINT,
    day DAY,
    flag BOOLEAN,
    PRIMARY KEY (workspace_id, field_id, client_id, position)
) WITHOUT_ROWID;
CREATE INDEX clients_field_values_client ON clients_field_values (client_id);
CREATE INDEX clients_field_values_text ON clients_field_values (workspace_id, field_id, text_key, client_id) WHERE text_key IS NOT NULL;
CREATE INDEX clients_field_values_number ON clients_field_values (workspace_id, field_id, number, client_id) WHERE number IS NOT NULL;
CREATE INDEX clients_field_values_cents ON clients_field_values (workspace_id, field_id, cents, client_id) WHERE cents IS NOT NULL;
CREATE INDEX clients_field_values_day ON clients_field_values (workspace_id, field_id, day, client_id) WHERE day IS NOT NULL;
CREATE INDEX clients_field_values_flag ON clients_field_values (workspace_id, field_id, flag, client_id) WHERE flag IS NOT NULL;
CREATE TABLE clients_tags (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    tag_key KEYTEXT NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (workspace_id, tag_key, client_id)
) WITHOUT_ROWID;
CREATE INDEX clients_tags_client ON clients_tags (client_id);

-- Views ---------------------------------------------------------------------------------------------------------------
-- A saved view is a segment: its condition is kept as text and compiled when it is asked.
CREATE TABLE clients_views (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    user_id UUID,
    name TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    condition TEXT NOT NULL,
    sort TEXT,
    columns JSON NOT NULL,
    layout TEXT NOT NULL,
    position INT NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL
);
CREATE INDEX clients_views_workspace ON clients_views (workspace_id, position, id);

-- Many at once --------------------------------------------------------------------------------------------------------
CREATE TABLE clients_bulk_runs (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    action JSON NOT NULL,
    -- running, done, undoing or undone.
    state TEXT NOT NULL,
    total BIGINT NOT NULL,
    user_id UUID,
    by_name TEXT NOT NULL,
    started_at INSTANT NOT NULL,
    finished_at INSTANT
);
CREATE INDEX clients_bulk_runs_workspace ON clients_bulk_runs (workspace_id, started_at);
-- The selection as it was when the run began, and what became of each client.
CREATE TABLE clients_bulk_rows (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    run_id UUID NOT NULL REFERENCES clients_bulk_runs (id) ON DELETE CASCADE,
    -- waiting, changed, unchanged, refused, undone or kept.
    outcome TEXT NOT NULL,
    client_id UUID NOT NULL,
    before_value JSON,
    after_value JSON,
    reason TEXT,
    PRIMARY KEY (workspace_id, run_id, client_id)
) WITHOUT_ROWID;
CREATE INDEX clients_bulk_rows_outcome ON clients_bulk_rows (workspace_id, run_id, outcome, client_id);

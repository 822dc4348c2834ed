-- What criteria measure, one row a client: written when the client is scored, which every fact and every day leads to.
CREATE TABLE clients_measures (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    active_days_30d INT,
    active_users_30d INT,
    features_30d INT,
    roi DOUBLE,
    csat_mean_90d DOUBLE,
    exchanges_90d INT,
    PRIMARY KEY (workspace_id, client_id)
) WITHOUT_ROWID;
CREATE INDEX clients_measures_client ON clients_measures (client_id);
-- Days that are no business days.
CREATE TABLE identity_holidays (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, day)
) WITHOUT_ROWID;

-- Templates: every version is kept. The built-in one has the workspace's own id, and no row until it is edited ----------
CREATE TABLE journey_templates (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    id UUID NOT NULL,
    version INT NOT NULL,
    body JSON NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    -- Set on all versions: no new journeys follow it, running ones do.
    deleted_at INSTANT,
    PRIMARY KEY (workspace_id, id, version)
);
CREATE TABLE journey_settings (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    auto_start BOOLEAN NOT NULL
);

-- Journeys: one a client ------------------------------------------------------------------------------------------------
CREATE TABLE journeys (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    template_id UUID NOT NULL,
    version INT NOT NULL,
    -- The key of the stage, or completed.
    stage KEYTEXT NOT NULL,
    place INT NOT NULL,
    -- active, at_risk or completed.
    status TEXT NOT NULL,
    progress DOUBLE NOT NULL,
    stage_progress DOUBLE NOT NULL,
    started_on DAY NOT NULL,
    entered_on DAY NOT NULL,
    plan_from DAY NOT NULL,
    expected_on DAY,
    projected_on DAY,
    progressed_on DAY NOT NULL,
    proposed_on DAY,
    completed_on DAY,
    -- Since when stage, status and missed milestones are as they are: health of an earlier day knows nothing of them.
    standing_on DAY NOT NULL,
    overdue INT NOT NULL,
    overdue_critical INT NOT NULL,
    alerts INT NOT NULL,
    stalled BOOLEAN NOT NULL,
    inferred BOOLEAN NOT NULL,
    state JSON NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    UNIQUE (workspace_id, client_id)
);
-- Covers the board, and walks its columns.
CREATE INDEX journeys_board ON journeys (workspace_id, stage, expected_on, client_id, status, progress, stage_progress, stalled, proposed_on);
CREATE INDEX journeys_entered ON journeys (workspace_id, stage, entered_on, client_id);
CREATE INDEX journeys_client ON journeys (client_id);
CREATE INDEX journeys_version ON journeys (workspace_id, template_id, version, status);
-- Every stay in a stage.
CREATE TABLE journey_visits (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    journey_id UUID NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    stage KEYTEXT NOT NULL,
    place INT NOT NULL,
    planned_days INT NOT NULL,
    entered_on DAY NOT NULL,
    left_on DAY,
    days INT,
    -- completed, skipped or moved; null while the client is there.
    outcome TEXT,
    reason TEXT,
    user_id UUID,
    inferred BOOLEAN NOT NULL,
    segment KEYTEXT
);
CREATE INDEX journey_visits_client ON journey_visits (workspace_id, client_id, entered_on, id);
-- Covers how long stages really take, and who went how far.
CREATE INDEX journey_visits_times ON journey_visits (workspace_id, outcome, stage, segment, days, inferred);
CREATE INDEX journey_visits_funnel ON journey_visits (workspace_id, client_id, place, entered_on, inferred, segment);
CREATE INDEX journey_visits_of ON journey_visits (client_id);
CREATE TABLE journey_actions (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    stage KEYTEXT NOT NULL,
    action KEYTEXT NOT NULL,
    task_id UUID,
    due DAY,
    done_on DAY,
    PRIMARY KEY (workspace_id, client_id, stage, action)
) WITHOUT_ROWID;
CREATE INDEX journey_actions_done ON journey_actions (workspace_id, action, client_id, done_on);
CREATE INDEX journey_actions_client ON journey_actions (client_id);
CREATE INDEX journey_actions_task ON journey_actions (task_id) WHERE task_id IS NOT NULL;
CREATE TABLE journey_milestones (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    -- Of the template; null for one made by hand.
    key TEXT,
    stage TEXT,
    title JSON NOT NULL,
    due DAY NOT NULL,
    impact TEXT NOT NULL,
    critical BOOLEAN NOT NULL,
    completed_on DAY,
    created_at INSTANT NOT NULL
);
CREATE INDEX journey_milestones_client ON journey_milestones (workspace_id, client_id, due, id);
CREATE INDEX journey_milestones_of ON journey_milestones (client_id);
CREATE TABLE journey_alerts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail JSON NOT NULL,
    raised_on DAY NOT NULL,
    resolved_on DAY,
    created_at INSTANT NOT NULL
);
-- Raised once while it lasts.
CREATE UNIQUE INDEX journey_alerts_open ON journey_alerts (workspace_id, client_id, kind, subject) WHERE resolved_on IS NULL;
CREATE INDEX journey_alerts_list ON journey_alerts (workspace_id, raised_on, id, kind, resolved_on);
CREATE INDEX journey_alerts_client ON journey_alerts (client_id);
-- Risks and opportunities that people add.
CREATE TABLE journey_notes (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    stage TEXT,
    text TEXT NOT NULL,
    user_id UUID,
    created_at INSTANT NOT NULL
);
CREATE INDEX journey_notes_client ON journey_notes (workspace_id, client_id, created_at, id);
CREATE INDEX journey_notes_of ON journey_notes (client_id);
-- Links under which a client sees its plan. The token itself is nowhere.
CREATE TABLE journey_shares (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    token_hash BLOB32 NOT NULL UNIQUE,
    stages JSON NOT NULL,
    user_id UUID,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    seen_at INSTANT,
    revoked_at INSTANT
);
CREATE INDEX journey_shares_client ON journey_shares (workspace_id, client_id, created_at);
CREATE INDEX journey_shares_of ON journey_shares (client_id);
-- The stage stands on the client too: the table of clients is filtered and sorted by it.
ALTER TABLE clients ADD COLUMN stage KEYTEXT;
CREATE INDEX clients_by_stage ON clients (workspace_id, stage, status, mrr_cents, id) WHERE stage IS NOT NULL;

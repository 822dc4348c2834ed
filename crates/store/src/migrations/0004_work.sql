-- Opportunities -----------------------------------------------------------------------------------------------------
-- What detectors found at clients, and what became of it. Closed ones are kept.
CREATE TABLE opportunities (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    detector TEXT NOT NULL,
    list TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The client's segment when it was last looked at, "" for none: results are learnt from by it.
    segment TEXT NOT NULL,
    evidence JSON NOT NULL,
    amount_cents BIGINT,
    probability DOUBLE NOT NULL,
    expected_cents BIGINT NOT NULL,
    since DAY NOT NULL,
    snoozed_until DAY,
    reason TEXT,
    note TEXT,
    won_cents BIGINT,
    -- What the subscription was before a win changed it, for taking the win back.
    ledger JSON,
    -- A decided one whose evidence has gone since: should it come back, it is a new opportunity.
    gone BOOLEAN NOT NULL,
    decided_at INSTANT,
    decided_by UUID,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL
);
CREATE UNIQUE INDEX opportunities_alive ON opportunities (workspace_id, client_id, detector) WHERE state IN ('open', 'accepted', 'snoozed');
CREATE INDEX opportunities_client ON opportunities (workspace_id, client_id, created_at);
CREATE INDEX opportunities_ranked ON opportunities (workspace_id, state, list, expected_cents, id);
CREATE INDEX opportunities_results ON opportunities (workspace_id, detector, segment, state);
CREATE TABLE opportunities_steps (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    opportunity_id UUID NOT NULL REFERENCES opportunities (id) ON DELETE CASCADE,
    at INSTANT NOT NULL,
    state TEXT NOT NULL,
    user_id UUID,
    reason TEXT,
    note TEXT,
    amount_cents BIGINT,
    PRIMARY KEY (opportunity_id, at, state)
);
-- What the portfolio looks like, once a day: what one client is compared with.
CREATE TABLE opportunities_market (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    figures JSON NOT NULL
);
CREATE TABLE opportunities_settings (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    limit_events JSON NOT NULL
);
-- Invoices past their due day and not paid, as the last look at their client found them.
CREATE TABLE opportunities_invoices (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    signal_id UUID NOT NULL,
    number TEXT NOT NULL,
    due DAY NOT NULL,
    amount_cents BIGINT NOT NULL,
    -- MRR at stake times the probability of loss.
    expected_cents BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, signal_id)
);
CREATE INDEX opportunities_invoices_ranked ON opportunities_invoices (workspace_id, expected_cents);
-- Detectors read a client's signals by kind and range of days.
CREATE INDEX clients_signals_kind ON clients_signals (client_id, kind, occurred_at);

-- Tasks -------------------------------------------------------------------------------------------------------------
CREATE TABLE tasks (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    note TEXT,
    owner_id UUID,
    -- 0 urgent to 3 low.
    priority INT NOT NULL,
    due DAY,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    opportunity_id UUID REFERENCES opportunities (id) ON DELETE SET NULL,
    done_at INSTANT,
    done_by UUID,
    created_by UUID,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    -- Taken away, and still to be had back.
    deleted_at INSTANT
);
CREATE INDEX tasks_owner ON tasks (workspace_id, owner_id, done_at, due);
CREATE INDEX tasks_due ON tasks (workspace_id, done_at, due);
CREATE INDEX tasks_client ON tasks (client_id);
CREATE INDEX tasks_opportunity ON tasks (opportunity_id);

-- Notifications -----------------------------------------------------------------------------------------------------
-- `key` names the event: one event tells a person once.
CREATE TABLE notifications (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    subject_id UUID,
    key TEXT NOT NULL,
    params JSON NOT NULL,
    created_at INSTANT NOT NULL,
    read_at INSTANT,
    UNIQUE (workspace_id, user_id, key)
);
CREATE INDEX notifications_inbox ON notifications (workspace_id, user_id, created_at, id);
CREATE INDEX notifications_age ON notifications (created_at);
CREATE TABLE notifications_preferences (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    in_app BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, user_id, kind)
);
-- Clients whose alarm has gone off and is not yet set again.
CREATE TABLE notifications_alarms (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    raised_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, client_id)
);

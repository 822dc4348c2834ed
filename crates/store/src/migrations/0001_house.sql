-- People and access -------------------------------------------------------------------------------------------------
CREATE TABLE identity_workspaces (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    timezone TEXT NOT NULL,
    week_start TEXT NOT NULL,
    is_demo BOOLEAN NOT NULL,
    unknown_groups TEXT NOT NULL,
    created_at INSTANT NOT NULL
);
CREATE TABLE identity_users (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT,
    locale TEXT,
    theme TEXT NOT NULL,
    created_at INSTANT NOT NULL
);
CREATE TABLE identity_members (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX identity_members_user ON identity_members (user_id);
-- Only the hash of a session, link or token is kept: who reads the database cannot sign in with it.
CREATE TABLE identity_sessions (
    token_hash BLOB32 PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES identity_users (id) ON DELETE CASCADE,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    created_at INSTANT NOT NULL,
    last_seen_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL
);
CREATE INDEX identity_sessions_user ON identity_sessions (user_id);
CREATE TABLE identity_links (
    id UUID PRIMARY KEY,
    token_hash BLOB32 NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    workspace_id UUID REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    email TEXT,
    role TEXT,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    used_at INSTANT
);
CREATE INDEX identity_links_workspace ON identity_links (workspace_id);
CREATE TABLE identity_tokens (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    token_hash BLOB32 NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by TEXT,
    created_at INSTANT NOT NULL,
    last_used_at INSTANT,
    revoked_at INSTANT
);
CREATE INDEX identity_tokens_workspace ON identity_tokens (workspace_id);
CREATE TABLE identity_idempotency (
    workspace_id UUID NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB32 NOT NULL,
    status INT,
    body TEXT,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Clients -----------------------------------------------------------------------------------------------------------
CREATE TABLE clients (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key KEYTEXT NOT NULL,
    domain TEXT,
    segment TEXT,
    industry TEXT,
    country TEXT,
    owner TEXT,
    plan TEXT,
    seats INT,
    since DAY,
    traits JSON NOT NULL,
    archived BOOLEAN NOT NULL,
    paused BOOLEAN NOT NULL,
    -- Derived, kept beside for lists and totals; each is recomputed with what it derives from.
    status TEXT NOT NULL,
    mrr_cents BIGINT NOT NULL,
    trial BOOLEAN NOT NULL,
    first_paid_on DAY,
    churned_on DAY,
    health INT,
    health_class TEXT NOT NULL,
    health_coverage DOUBLE,
    health_at INSTANT,
    top_risk JSON,
    at_risk BOOLEAN NOT NULL,
    last_seen_at INSTANT,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    UNIQUE (workspace_id, external_id)
);
CREATE INDEX clients_by_name ON clients (workspace_id, name_key, id);
CREATE INDEX clients_by_mrr ON clients (workspace_id, mrr_cents, id);
CREATE INDEX clients_by_health ON clients (workspace_id, health, id);
-- Covers the dashboard's totals: one index scan, no table reads.
CREATE INDEX clients_totals ON clients (workspace_id, archived, status, health_class, at_risk, mrr_cents, health);
CREATE TABLE clients_contacts (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID REFERENCES clients (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    name TEXT,
    email TEXT,
    role TEXT,
    traits JSON NOT NULL,
    last_seen_at INSTANT,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    UNIQUE (workspace_id, external_id)
);
CREATE INDEX clients_contacts_client ON clients_contacts (client_id);
CREATE TABLE clients_subscriptions (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    product TEXT NOT NULL,
    plan TEXT,
    seats INT,
    start_date DAY NOT NULL,
    end_date DAY,
    end_known_on DAY,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    UNIQUE (workspace_id, external_id)
);
CREATE INDEX clients_subscriptions_client ON clients_subscriptions (client_id);
CREATE TABLE clients_subscription_phases (
    subscription_id UUID NOT NULL REFERENCES clients_subscriptions (id) ON DELETE CASCADE,
    from_day DAY NOT NULL,
    known_on DAY NOT NULL,
    amount_cents BIGINT NOT NULL,
    currency TEXT NOT NULL,
    rate_e9 BIGINT NOT NULL,
    period TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    discount_cents BIGINT NOT NULL,
    discount_until DAY,
    is_trial BOOLEAN NOT NULL,
    paused BOOLEAN NOT NULL,
    PRIMARY KEY (subscription_id, from_day)
);
CREATE TABLE clients_signals (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    contact_id UUID,
    kind TEXT NOT NULL,
    message_id TEXT NOT NULL,
    occurred_at INSTANT NOT NULL,
    ended_at INSTANT,
    known_at INSTANT NOT NULL,
    priority TEXT,
    score DOUBLE,
    data JSON NOT NULL,
    created_at INSTANT NOT NULL,
    UNIQUE (workspace_id, kind, message_id)
);
CREATE INDEX clients_signals_client ON clients_signals (client_id, occurred_at, id);
CREATE INDEX clients_signals_recent ON clients_signals (workspace_id, kind, occurred_at);

-- Growth ------------------------------------------------------------------------------------------------------------
CREATE TABLE growth_rates (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    currency TEXT NOT NULL,
    from_day DAY NOT NULL,
    rate_e9 BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, currency, from_day)
);
-- A stretch: days on which one subscription is worth one monthly amount, with when each end was known.
CREATE TABLE growth_stretches (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    subscription_id UUID NOT NULL,
    seq INT NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY,
    mrr_cents BIGINT NOT NULL,
    is_trial BOOLEAN NOT NULL,
    known_on DAY NOT NULL,
    to_known_on DAY,
    PRIMARY KEY (workspace_id, client_id, subscription_id, seq)
) WITHOUT_ROWID;
CREATE INDEX growth_stretches_as_of ON growth_stretches (workspace_id, from_day, to_day, known_on, to_known_on, mrr_cents, client_id);
CREATE INDEX growth_stretches_to ON growth_stretches (workspace_id, to_day);
-- The ledger: at most one netted movement per client and civil day.
CREATE TABLE growth_movements (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    kind TEXT NOT NULL,
    delta_cents BIGINT NOT NULL,
    after_cents BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, day)
) WITHOUT_ROWID;
CREATE INDEX growth_movements_day ON growth_movements (workspace_id, day, kind, delta_cents, client_id, after_cents);
-- The ledger's totals by day, kept with every change of it, so that the dashboard does not grow with the clients.
CREATE TABLE growth_days (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    kind TEXT NOT NULL,
    cents BIGINT NOT NULL,
    movements BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day, kind)
) WITHOUT_ROWID;
-- What was known of every client at each month's end; appended, never rewritten. `recomputed` marks history that was
-- back-filled by an import instead of being recorded on the day.
CREATE TABLE growth_snapshots (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    month_end DAY NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    mrr_cents BIGINT NOT NULL,
    health INT,
    recomputed BOOLEAN NOT NULL,
    taken_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, month_end, client_id)
) WITHOUT_ROWID;

-- Usage -------------------------------------------------------------------------------------------------------------
-- Message ids seen, as 128-bit hashes of workspace and id: each counts once for 400 days.
CREATE TABLE usage_message_ids (
    message_key UUID PRIMARY KEY,
    received_on DAY NOT NULL
) WITHOUT_ROWID;
CREATE TABLE usage_events (
    workspace_id UUID NOT NULL,
    client_id UUID NOT NULL,
    occurred_at INSTANT NOT NULL,
    message_key UUID NOT NULL,
    user_key TEXT,
    event TEXT NOT NULL,
    -- How many uses the event stands for: 1, or what an imported daily row says.
    count BIGINT NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, occurred_at, message_key)
) MONTHLY(occurred_at);
CREATE TABLE usage_rollups (
    workspace_id UUID NOT NULL,
    client_id UUID NOT NULL,
    day DAY NOT NULL,
    event TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, day, event)
) WITHOUT_ROWID;
-- Which days of a month a user was seen at a client, one bit a day: distinct users over any range of days without
-- counting anybody twice. The empty event stands for any event.
CREATE TABLE usage_presence (
    workspace_id UUID NOT NULL,
    event TEXT NOT NULL,
    client_id UUID NOT NULL,
    month DAY NOT NULL,
    user_key TEXT NOT NULL,
    days INT NOT NULL,
    PRIMARY KEY (workspace_id, event, client_id, month, user_key)
) WITHOUT_ROWID;
-- Events of a user whose client is not known yet.
CREATE TABLE usage_parked (
    workspace_id UUID NOT NULL,
    user_key TEXT NOT NULL,
    message_key UUID NOT NULL,
    occurred_at INSTANT NOT NULL,
    event TEXT NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (workspace_id, user_key, message_key)
) WITHOUT_ROWID;
CREATE TABLE usage_quarantine (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    received_at INSTANT NOT NULL,
    source TEXT NOT NULL,
    default_type TEXT,
    code TEXT NOT NULL,
    params JSON NOT NULL,
    raw TEXT NOT NULL,
    tries INT NOT NULL
);
CREATE INDEX usage_quarantine_workspace ON usage_quarantine (workspace_id, id);
CREATE TABLE usage_source_hours (
    workspace_id UUID NOT NULL,
    token_id UUID NOT NULL,
    hour INSTANT NOT NULL,
    accepted BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, token_id, hour)
) WITHOUT_ROWID;

-- Health ------------------------------------------------------------------------------------------------------------
CREATE TABLE health_history (
    workspace_id UUID NOT NULL,
    client_id UUID NOT NULL,
    day DAY NOT NULL,
    at INSTANT NOT NULL,
    score INT,
    coverage DOUBLE NOT NULL,
    detail JSON NOT NULL,
    recomputed BOOLEAN NOT NULL,
    PRIMARY KEY (workspace_id, client_id, day, at)
) WITHOUT_ROWID;
-- The mean over the portfolio on each day, so that "against thirty days ago" costs one row.
CREATE TABLE health_days (
    workspace_id UUID NOT NULL,
    day DAY NOT NULL,
    scored BIGINT NOT NULL,
    score_sum BIGINT NOT NULL,
    at_risk BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, day)
);
-- Which kinds of source this workspace has ever fed, and when last: the denominator of coverage.
CREATE TABLE health_feeds (
    workspace_id UUID NOT NULL,
    component TEXT NOT NULL,
    last_day DAY NOT NULL,
    PRIMARY KEY (workspace_id, component)
);

-- Work and what happened --------------------------------------------------------------------------------------------
CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    run_at INSTANT NOT NULL,
    version BIGINT NOT NULL,
    attempts INT NOT NULL,
    leased_by UUID,
    leased_until INSTANT,
    last_error TEXT,
    UNIQUE (workspace_id, kind, key)
);
CREATE INDEX jobs_due ON jobs (kind, run_at);
CREATE TABLE events (
    id SERIAL,
    workspace_id UUID NOT NULL,
    at INSTANT NOT NULL,
    kind TEXT NOT NULL,
    client_id UUID,
    payload JSON NOT NULL XID
);
CREATE INDEX events_at ON events (at);

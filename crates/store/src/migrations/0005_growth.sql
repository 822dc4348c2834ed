-- Slices: the ledger by segment, owner and product -------------------------------------------------------------------
-- The ledger of a client restricted to one product: its movements are classified within that product, so that opening
-- and movements give the closing there too.
CREATE TABLE growth_product_movements (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    day DAY NOT NULL,
    kind TEXT NOT NULL,
    delta_cents BIGINT NOT NULL,
    after_cents BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, product, day)
) WITHOUT_ROWID;
CREATE INDEX growth_product_movements_day ON growth_product_movements (workspace_id, product, day, kind, delta_cents, client_id, after_cents);
-- What each client pays today by product; nought once it has given the product up.
CREATE TABLE growth_client_products (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    mrr_cents BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, product)
) WITHOUT_ROWID;
CREATE INDEX growth_client_products_product ON growth_client_products (workspace_id, product, mrr_cents, client_id);
-- Under which segment and owner a client's movements are counted below: what to take away when either changes. The
-- empty word stands for none, since a key holds no NULL.
CREATE TABLE growth_client_slices (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    segment TEXT NOT NULL,
    owner TEXT NOT NULL,
    PRIMARY KEY (workspace_id, client_id)
) WITHOUT_ROWID;
-- growth_days by product, segment and owner; the empty product stands for the whole ledger of each client.
CREATE TABLE growth_slices (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    segment TEXT NOT NULL,
    owner TEXT NOT NULL,
    day DAY NOT NULL,
    kind TEXT NOT NULL,
    cents BIGINT NOT NULL,
    movements BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, product, segment, owner, day, kind)
) WITHOUT_ROWID;
CREATE INDEX growth_slices_day ON growth_slices (workspace_id, product, day, kind, cents, movements);
CREATE INDEX growth_slices_owner ON growth_slices (workspace_id, product, owner, day, kind, cents, movements);
CREATE INDEX clients_by_segment ON clients (workspace_id, segment, owner);
CREATE INDEX clients_by_owner ON clients (workspace_id, owner);
-- Ledgers that stand are computed anew, so that their slices are there too.
INSERT INTO jobs (id, workspace_id, kind, key, run_at, version, attempts)
SELECT id, id, 'growth.rebuild', '', created_at, 1, 0 FROM identity_workspaces;

-- Objectives ---------------------------------------------------------------------------------------------------------
CREATE TABLE growth_objectives (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    metric TEXT NOT NULL,
    direction TEXT NOT NULL,
    -- Read off the figures of the start's day; none until that day has come.
    start_value DOUBLE,
    target DOUBLE NOT NULL,
    start_day DAY NOT NULL,
    due_day DAY NOT NULL,
    -- The last day whose value is stored below.
    evaluated_on DAY,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    deleted_at INSTANT
);
CREATE INDEX growth_objectives_due ON growth_objectives (workspace_id, due_day);
-- The metric's value on each day of an objective.
CREATE TABLE growth_objective_days (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    objective_id UUID NOT NULL REFERENCES growth_objectives (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    value DOUBLE NOT NULL,
    PRIMARY KEY (workspace_id, objective_id, day)
) WITHOUT_ROWID;
-- The day on which an objective was reached: appended once, never rewritten.
CREATE TABLE growth_objectives_reached (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    objective_id UUID NOT NULL REFERENCES growth_objectives (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    value DOUBLE NOT NULL,
    recorded_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, objective_id)
) WITHOUT_ROWID;

-- Acquisition --------------------------------------------------------------------------------------------------------
-- What winning clients has cost, by month (its first day), in the reporting currency.
CREATE TABLE growth_spend (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    month DAY NOT NULL,
    cents BIGINT NOT NULL,
    updated_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, month)
) WITHOUT_ROWID;
-- Gross margin in hundredths of a per cent; no row while nobody has said it.
CREATE TABLE growth_margins (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    margin_bp INT NOT NULL,
    updated_at INSTANT NOT NULL
);

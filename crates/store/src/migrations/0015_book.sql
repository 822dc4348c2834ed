-- Whitespace ---------------------------------------------------------------------------------------------------------
-- What could be sold to each client that pays because those who own what it owns have it too, as the last look at the
-- client found it. The expected value is the amount times the probability of its segment today.
CREATE TABLE opportunities_gaps (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    product TEXT NOT NULL,
    -- The client's segment then, "" for none.
    segment TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    evidence JSON NOT NULL,
    PRIMARY KEY (workspace_id, client_id, product)
);
-- Sums by product, without reading the rows: what differs is few.
CREATE INDEX opportunities_gaps_product ON opportunities_gaps (workspace_id, product, segment, amount_cents, client_id);
-- What all of them come to at each client: what the matrix is sorted by.
CREATE TABLE opportunities_potential (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    amount_cents BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id)
) WITHOUT_ROWID;
CREATE INDEX opportunities_potential_ranked ON opportunities_potential (workspace_id, amount_cents, client_id);

-- Search -------------------------------------------------------------------------------------------------------------
-- Where a search for a person may begin: their name from each of its words on, and their address from each of its
-- parts on, folded in Rust. Whose client and whether they were taken away is asked of the person's own row.
CREATE TABLE clients_contact_words (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    word KEYTEXT NOT NULL,
    contact_id UUID NOT NULL REFERENCES clients_contacts (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace_id, word, contact_id)
) WITHOUT_ROWID;
CREATE INDEX clients_contact_words_contact ON clients_contact_words (contact_id);

-- Reassignment -------------------------------------------------------------------------------------------------------
-- The day on which a run is taken back by itself: an absence ends.
ALTER TABLE clients_bulk_runs ADD COLUMN returns_on DAY;
-- The kind of its action, for finding those of one kind.
ALTER TABLE clients_bulk_runs ADD COLUMN kind TEXT;
CREATE INDEX clients_bulk_runs_kind ON clients_bulk_runs (workspace_id, kind, started_at);
CREATE INDEX clients_bulk_runs_returns ON clients_bulk_runs (returns_on, workspace_id) WHERE returns_on IS NOT NULL;
-- The open tasks that went with the clients, for giving them back.
CREATE TABLE clients_bulk_tasks (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    run_id UUID NOT NULL REFERENCES clients_bulk_runs (id) ON DELETE CASCADE,
    task_id UUID NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    from_user UUID NOT NULL,
    to_user UUID NOT NULL,
    PRIMARY KEY (workspace_id, run_id, task_id)
) WITHOUT_ROWID;
CREATE INDEX clients_bulk_tasks_task ON clients_bulk_tasks (task_id);

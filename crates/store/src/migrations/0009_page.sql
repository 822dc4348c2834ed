-- The client's page: notes -------------------------------------------------------------------------------------------
CREATE TABLE clients_notes (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    author_id UUID,
    -- Markdown; a mention is written @[Name](id of a member).
    body TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    -- Taken away, and still to be had back.
    deleted_at INSTANT
);
CREATE INDEX clients_notes_client ON clients_notes (client_id, created_at, id);

-- People at a client -------------------------------------------------------------------------------------------------
ALTER TABLE clients_contacts ADD COLUMN title TEXT;
-- given or refused, and since when; neither while nobody has said.
ALTER TABLE clients_contacts ADD COLUMN consent TEXT;
ALTER TABLE clients_contacts ADD COLUMN consent_on DAY;
-- Taken away, and still to be had back; a source that names the person again brings them back too.
ALTER TABLE clients_contacts ADD COLUMN deleted_at INSTANT;

-- Tasks ----------------------------------------------------------------------------------------------------------------
-- The steps of a task in their order: [{"text": …, "done": …}].
ALTER TABLE tasks ADD COLUMN checklist JSON;

-- Whom external ids stand for ------------------------------------------------------------------------------------------
-- Raised whenever an external id begins to mean another client, or nobody: what a process remembers of them is then
-- forgotten.
CREATE TABLE clients_identities (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    version BIGINT NOT NULL
);
-- External ids of clients that were merged into another one.
CREATE TABLE clients_aliases (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace_id, external_id)
);
CREATE INDEX clients_aliases_client ON clients_aliases (client_id);
-- What was erased for good: a digest of each of its names, so that no source brings it back, and nothing else of it.
CREATE TABLE clients_erasures (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    -- contact or client.
    kind TEXT NOT NULL,
    -- Over what was erased: who kept the export can show that it was this.
    digest BLOB32 NOT NULL,
    counts JSON NOT NULL,
    erased_by UUID,
    erased_at INSTANT NOT NULL,
    -- From then on sources may bring it back.
    allowed_at INSTANT
);
CREATE INDEX clients_erasures_workspace ON clients_erasures (workspace_id, erased_at, id);
CREATE TABLE clients_tombstones (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    name_hash BLOB32 NOT NULL,
    erasure_id UUID NOT NULL REFERENCES clients_erasures (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace_id, name_hash)
);
CREATE INDEX clients_tombstones_erasure ON clients_tombstones (erasure_id);
-- Duplicates share a domain.
CREATE INDEX clients_by_domain ON clients (workspace_id, domain);

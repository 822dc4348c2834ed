-- Clients that are gone ----------------------------------------------------------------------------------------------
-- In the trash, and still to be had back; or merged into another, for good. Either way it counts nowhere: its ledger is
-- empty, and its status is `deleted`.
ALTER TABLE clients ADD COLUMN deleted_at INSTANT;
ALTER TABLE clients ADD COLUMN merged_into UUID;
CREATE INDEX clients_deleted ON clients (workspace_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX clients_merged ON clients (merged_into) WHERE merged_into IS NOT NULL;
-- Two clients of one domain are likely one.
CREATE INDEX clients_by_domain ON clients (workspace_id, domain, id) WHERE domain IS NOT NULL;
-- Raised when clients or people go another way than messages say: what writers remember of them is then forgotten.
ALTER TABLE identity_workspaces ADD COLUMN clients_epoch BIGINT NOT NULL DEFAULT 0;
-- External ids of clients that were merged, and who stands for them now.
CREATE TABLE clients_aliases (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, external_id)
) WITHOUT_ROWID;
CREATE INDEX clients_aliases_client ON clients_aliases (client_id);

-- Files ----------------------------------------------------------------------------------------------------------------
-- The content lies in the data directory under the row's id.
CREATE TABLE clients_files (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    digest BLOB32 NOT NULL,
    uploaded_by UUID,
    created_at INSTANT NOT NULL,
    -- Taken away, and still to be had back.
    deleted_at INSTANT
);
CREATE INDEX clients_files_client ON clients_files (client_id, created_at, id);

-- Erasures -------------------------------------------------------------------------------------------------------------
-- What was erased: counts and digests, nothing of whom.
CREATE TABLE clients_erasures (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    at INSTANT NOT NULL,
    certificate JSON NOT NULL,
    -- How often a source has named them since, and when last.
    refused BIGINT NOT NULL,
    refused_at INSTANT,
    allowed_at INSTANT,
    allowed_by UUID
);
CREATE INDEX clients_erasures_workspace ON clients_erasures (workspace_id, at, id);
-- With what the names of the erased are digested, drawn once for a workspace.
CREATE TABLE clients_erasure_salts (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    salt BLOB32 NOT NULL,
    PRIMARY KEY (workspace_id, salt)
);
-- By what the erased are known again.
CREATE TABLE clients_tombstones (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    digest BLOB32 NOT NULL,
    erasure_id UUID NOT NULL REFERENCES clients_erasures (id) ON DELETE CASCADE,
    PRIMARY KEY (workspace_id, digest)
);
CREATE INDEX clients_tombstones_erasure ON clients_tombstones (erasure_id);

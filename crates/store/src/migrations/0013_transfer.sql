-- Imports of files: what was found in a file, what its columns mean, and how far it is. -------------------------------
CREATE TABLE connectors_imports (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    -- new, checking, checked, running, done, failed or stopped.
    state TEXT NOT NULL,
    file_name TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    -- The header, the separator, samples and which forms the cells of each column fit.
    found JSON NOT NULL,
    -- What the columns mean; null until somebody has said so.
    plan JSON,
    -- Rows that the last commit covers: where a job goes on after a crash.
    place BIGINT NOT NULL,
    created_rows BIGINT NOT NULL,
    changed_rows BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    refused_rows BIGINT NOT NULL,
    -- The code of what ended it.
    failure TEXT,
    user_id UUID,
    by_name TEXT NOT NULL,
    uploaded_at INSTANT NOT NULL,
    started_at INSTANT,
    finished_at INSTANT
);
CREATE INDEX connectors_imports_workspace ON connectors_imports (workspace_id, uploaded_at, id);
-- What became of each row.
CREATE TABLE connectors_import_rows (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    import_id UUID NOT NULL REFERENCES connectors_imports (id) ON DELETE CASCADE,
    -- created, changed, unchanged or refused.
    outcome TEXT NOT NULL,
    line BIGINT NOT NULL,
    -- The external id of what the row is about, where it has one.
    row_key TEXT,
    -- Why it was refused: a code with its parameters; and the row as it stands in the file.
    refusal JSON,
    raw TEXT,
    PRIMARY KEY (workspace_id, import_id, outcome, line)
) WITHOUT_ROWID;
-- What columns meant the last time that a file had this header.
CREATE TABLE connectors_mappings (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    header_key KEYTEXT NOT NULL,
    plan JSON NOT NULL,
    used_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, header_key)
) WITHOUT_ROWID;

-- Clients and contacts are found by what files know of them.
CREATE INDEX clients_domain ON clients (workspace_id, domain) WHERE domain IS NOT NULL;
CREATE INDEX clients_contacts_email ON clients_contacts (workspace_id, email) WHERE email IS NOT NULL;

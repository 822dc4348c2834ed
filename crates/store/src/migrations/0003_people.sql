-- What a session is recognised by in a list. Sessions from before have neither until they are used again.
ALTER TABLE identity_sessions ADD COLUMN user_agent TEXT;
ALTER TABLE identity_sessions ADD COLUMN address TEXT;
-- Who made an invitation.
ALTER TABLE identity_links ADD COLUMN created_by UUID;

-- Audit -------------------------------------------------------------------------------------------------------------
-- The end of each workspace's chain: appending takes the row, and a tail that was cut off is missed.
CREATE TABLE audit_heads (
    workspace_id UUID PRIMARY KEY REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    hash BLOB32 NOT NULL
);
-- The chain: ids and words, nothing personal. Appended, never changed.
CREATE TABLE audit_entries (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at INSTANT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    origin TEXT NOT NULL,
    operation KEYTEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT,
    request_id TEXT NOT NULL,
    payload_digest BLOB32 NOT NULL,
    hash BLOB32 NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) WITHOUT_ROWID;
CREATE INDEX audit_entries_actor ON audit_entries (workspace_id, actor_id, seq);
CREATE INDEX audit_entries_operation ON audit_entries (workspace_id, operation, seq);
CREATE INDEX audit_entries_object ON audit_entries (workspace_id, object_id, seq);
CREATE INDEX audit_entries_at ON audit_entries (workspace_id, at);
-- Names, values and addresses: what an erasure empties. The chain covers their salted digest.
CREATE TABLE audit_payloads (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    salt BLOB32,
    body TEXT,
    erased_at INSTANT,
    PRIMARY KEY (workspace_id, seq)
) WITHOUT_ROWID;

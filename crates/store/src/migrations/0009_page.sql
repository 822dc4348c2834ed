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

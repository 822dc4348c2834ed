-- What was believed until something else became known: the former state of whatever a score is made from, until when it
-- stood, so that a past day can be seen as it was seen then. `source_id` is the row that it is a state of. Instants stand
-- first where a day is looked for after which nothing was learned, which is so of nearly every look.
CREATE TABLE health_beliefs (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    client_id UUID NOT NULL,
    about TEXT NOT NULL,
    source_id UUID NOT NULL,
    until_at INSTANT NOT NULL,
    state JSON NOT NULL,
    PRIMARY KEY (workspace_id, client_id, about, source_id, until_at)
) WITHOUT_ROWID;
CREATE INDEX health_beliefs_until ON health_beliefs (workspace_id, until_at);
CREATE INDEX health_beliefs_source ON health_beliefs (workspace_id, source_id, about, until_at);
-- When it became known that a signal had ended; what is there already was known with the signal, and not before it came.
ALTER TABLE clients_signals ADD COLUMN ended_known_at INSTANT;
UPDATE clients_signals SET ended_known_at = CASE WHEN ended_at > known_at THEN ended_at ELSE known_at END
    WHERE ended_at IS NOT NULL;

-- Surveys -------------------------------------------------------------------------------------------------------------
CREATE TABLE surveys (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- nps, csat or ces.
    kind TEXT NOT NULL,
    question_fr TEXT NOT NULL,
    question_en TEXT NOT NULL,
    follow_fr TEXT,
    follow_en TEXT,
    is_open BOOLEAN NOT NULL,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL
);
CREATE INDEX surveys_workspace ON surveys (workspace_id, created_at, id);
-- One person asked once: their link, by its hash alone, and what they answered. The comment stands in the signal alone,
-- names in the contact alone, so that who forgets these has forgotten them here.
CREATE TABLE surveys_recipients (
    id UUID PRIMARY KEY,
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    survey_id UUID NOT NULL REFERENCES surveys (id) ON DELETE CASCADE,
    client_id UUID NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    contact_id UUID REFERENCES clients_contacts (id) ON DELETE SET NULL,
    token_hash BLOB32 NOT NULL UNIQUE,
    -- link: handed over by hand; queued, sent or failed: by e-mail.
    state TEXT NOT NULL,
    -- Why it failed.
    reason TEXT,
    locale TEXT,
    asked_at INSTANT NOT NULL,
    sent_at INSTANT,
    expires_at INSTANT NOT NULL,
    score INT,
    signal_id UUID,
    answered_at INSTANT,
    answered_on DAY
);
CREATE INDEX surveys_recipients_asked ON surveys_recipients (workspace_id, survey_id, asked_at, id);
CREATE INDEX surveys_recipients_answered ON surveys_recipients (workspace_id, survey_id, answered_at, id);
-- Covers the figures of surveys: one index scan, no table reads.
CREATE INDEX surveys_recipients_totals ON surveys_recipients (workspace_id, survey_id, state, score, answered_on);
CREATE INDEX surveys_recipients_contact ON surveys_recipients (contact_id, asked_at);
CREATE INDEX surveys_recipients_client ON surveys_recipients (client_id);
-- Who answered lately, whoever asked: the rule of contact.
CREATE INDEX clients_signals_asked ON clients_signals (contact_id, occurred_at) WHERE kind = 'survey';

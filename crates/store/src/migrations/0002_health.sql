-- Signals in full ---------------------------------------------------------------------------------------------------
-- Amounts of invoices and outcomes in cents of the reporting currency, converted once at the rate of their day.
ALTER TABLE clients_signals ADD COLUMN amount_cents BIGINT;
-- The day by whose end an invoice has to be paid.
ALTER TABLE clients_signals ADD COLUMN due_on DAY;
ALTER TABLE clients_contacts ADD COLUMN left_on DAY;
ALTER TABLE clients ADD COLUMN parent_id UUID;
CREATE INDEX clients_parent ON clients (parent_id);

-- Health in full ----------------------------------------------------------------------------------------------------
-- Every version of every profile; the newest of a segment counts, the empty segment is everybody else's. A null body
-- gives a segment back to the workspace's own profile.
CREATE TABLE health_profiles (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    segment TEXT NOT NULL,
    version INT NOT NULL,
    body JSON,
    note TEXT,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (workspace_id, segment, version)
) WITHOUT_ROWID;
-- What the score meant on its day, whatever the profile says since. At risk: below the profile's alert, or an invoice
-- more than thirty days late.
ALTER TABLE health_history ADD COLUMN class TEXT;
ALTER TABLE health_history ADD COLUMN at_risk BOOLEAN;
-- What came after its day, by the day on which it became known, so that a past day can be seen as it was seen then:
-- uses to take off the rollups, and bits to take off the presence.
CREATE TABLE usage_late (
    workspace_id UUID NOT NULL,
    client_id UUID NOT NULL,
    known_on DAY NOT NULL,
    day DAY NOT NULL,
    event TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, known_on, day, event)
) WITHOUT_ROWID;
CREATE TABLE usage_late_presence (
    workspace_id UUID NOT NULL,
    client_id UUID NOT NULL,
    known_on DAY NOT NULL,
    month DAY NOT NULL,
    user_key TEXT NOT NULL,
    days INT NOT NULL,
    PRIMARY KEY (workspace_id, client_id, known_on, month, user_key)
) WITHOUT_ROWID;
-- On which days a component was fed, and since when that is known; instead of the last day alone.
CREATE TABLE health_fed_days (
    workspace_id UUID NOT NULL,
    component TEXT NOT NULL,
    day DAY NOT NULL,
    known_on DAY NOT NULL,
    PRIMARY KEY (workspace_id, component, day)
) WITHOUT_ROWID;
INSERT INTO health_fed_days (workspace_id, component, day, known_on)
    SELECT DISTINCT workspace_id, 'usage', day, day FROM usage_rollups;
INSERT INTO health_fed_days (workspace_id, component, day, known_on)
    SELECT workspace_id, component, last_day, last_day FROM health_feeds WHERE component <> 'usage';
DROP TABLE health_feeds;

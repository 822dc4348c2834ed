-- What stood for each paying client when a day closed, day by day: the health of a part of the portfolio on a day is one
-- walk through the day's rows. Read off the history, which keeps the evidence; kept for a while only.
CREATE TABLE health_standings (
    workspace_id UUID NOT NULL REFERENCES identity_workspaces (id) ON DELETE CASCADE,
    day DAY NOT NULL,
    client_id UUID NOT NULL,
    score INT NOT NULL,
    at_risk INT NOT NULL,
    PRIMARY KEY (workspace_id, day, client_id)
) WITHOUT_ROWID;
-- The few clients that counts of all others leave out.
CREATE INDEX clients_set_aside ON clients (workspace_id, status, id) WHERE status IN ('archived', 'deleted', 'churned', 'paused');
-- The subscriptions of a product.
CREATE INDEX clients_subscriptions_product ON clients_subscriptions (workspace_id, product, id);

-- Journeys by how far they went: each journey's stays stand together, and nothing else of them is read.
DROP INDEX journey_visits_funnel;
CREATE INDEX journey_visits_reached ON journey_visits (workspace_id, journey_id, stage, entered_on, outcome, days, inferred, client_id);
-- How long stages take, of chosen clients too.
DROP INDEX journey_visits_times;
CREATE INDEX journey_visits_stays ON journey_visits (workspace_id, outcome, stage, segment, days, inferred, client_id);
-- A stage that was passed over has no days, a stay has some, be they nought.
UPDATE journey_visits SET days = NULL WHERE outcome = 'skipped' AND days = 0;

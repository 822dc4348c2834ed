-- A part at the client is one of a list; whatever else sources called a role is a job title.
UPDATE clients_contacts SET role = LOWER(TRIM(role))
WHERE LOWER(TRIM(role)) IN ('champion', 'decision_maker', 'user', 'billing', 'technical', 'executive_sponsor', 'detractor');
UPDATE clients_contacts SET title = role, role = NULL
WHERE title IS NULL AND role NOT IN ('champion', 'decision_maker', 'user', 'billing', 'technical', 'executive_sponsor', 'detractor');

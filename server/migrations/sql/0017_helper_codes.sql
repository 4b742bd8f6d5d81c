-- A code is the resident's own; who types it learns whose it was by the platform's hand alone.
ALTER TABLE helper_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON helper_code USING (is_own(resident_id) OR (SELECT sees_all()));

GRANT SELECT, INSERT, UPDATE, DELETE ON helper_code TO yinling_app;

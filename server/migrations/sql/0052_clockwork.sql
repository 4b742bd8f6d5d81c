-- A reminder is seen by the caregiver, by the sites that employ them and by offices over these; only the
-- platform writes it.
ALTER TABLE reminder ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON reminder USING (
    (SELECT sees_all())
    OR caregiver_id = (SELECT own_caregiver())
    OR site_id IN (SELECT kept_sites())
    OR (site_id IS NULL AND lies_under(county_code, (SELECT seen_prefixes())))
) WITH CHECK ((SELECT sees_all()));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON job_wish FOR EACH ROW EXECUTE FUNCTION write_trail('id');

GRANT SELECT, INSERT ON reminder, job_wish TO yinling_app;
GRANT UPDATE (done_on) ON reminder TO yinling_app;
GRANT UPDATE (taken_at) ON job_wish TO yinling_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON job_line TO yinling_app;

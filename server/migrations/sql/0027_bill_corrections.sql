-- A correction is known to whoever sees the stay, and written where the stay is kept.
ALTER TABLE bill_correction ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON bill_correction USING (EXISTS (SELECT 1 FROM stay s WHERE s.id = stay_id))
    WITH CHECK ((SELECT sees_all()) OR EXISTS (
        SELECT 1 FROM stay s WHERE s.id = stay_id AND is_kept_here(s.site_id)));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON bill_correction FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- What was corrected is never rewritten; it is corrected again.
GRANT SELECT, INSERT ON bill_correction TO yinling_app;

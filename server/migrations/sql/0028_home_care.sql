-- A bed at home is known to the person, to whoever acts for them, to its provider, and to offices over
-- the provider's place or over the village; who asks for one does so for somebody in reach.
ALTER TABLE home_bed ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
);

-- Who is visited when, and by whom, is known to the same.
ALTER TABLE care_visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_visit USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
) WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

ALTER TABLE visit_proof ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON visit_proof USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
);

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON care_visit FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON visit_proof FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Whose it is never changes; what was proved is superseded, never rewritten.
GRANT SELECT, INSERT ON home_bed, care_visit, visit_proof TO yinling_app;
GRANT UPDATE (site_id, state, since, due_on, wishes, stay_id, x, y, ended_on, end_reason, end_note)
    ON home_bed TO yinling_app;
GRANT UPDATE (worker_id, service_on, starts_at, minutes, services, state, cancel_reason) ON care_visit TO yinling_app;
GRANT UPDATE (leaving_key, left_at, left_recorded_at, left_x, left_y, left_accuracy_m, tasks_done, photo_file_id,
              confirmed_by, confirmed_at, superseded_at) ON visit_proof TO yinling_app;

-- Nothing begins for a number that was made one with another.
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON care_visit FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- Who looked into a caregiver's file stands there for everybody who sees the caregiver, themselves too.
ALTER TABLE caregiver_opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON caregiver_opening USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id)
) WITH CHECK ((SELECT sees_all())
    OR (staff_id = (SELECT seen_staff()) AND EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id)));

ALTER TABLE caregiver_proof ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON caregiver_proof USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));

-- Both employers see who asks for whom, and the new one sees no more of the person than it typed in.
ALTER TABLE employment_takeover ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON employment_takeover USING (
    (SELECT sees_all()) OR from_site_id IN (SELECT kept_sites()) OR to_site_id IN (SELECT kept_sites())
    OR caregiver_id = (SELECT own_caregiver()));

-- A paper belongs to a caregiver, whoever keeps the file by now. A policy of its own: whatever else files
-- are shown for stays as it is.
CREATE POLICY of_caregivers ON file FOR SELECT USING (
    purpose = 'caregiver_paper' AND (
        EXISTS (SELECT 1 FROM caregiver_proof p WHERE p.file_id = file.id)
        OR EXISTS (SELECT 1 FROM skill_certificate s WHERE s.file_id = file.id)
        OR EXISTS (SELECT 1 FROM caregiver_education e WHERE e.file_id = file.id)));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON caregiver_opening FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON caregiver_proof FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON employment_takeover FOR EACH ROW EXECUTE FUNCTION write_trail('id');

GRANT SELECT, INSERT ON caregiver_opening, caregiver_proof, employment_takeover TO yinling_app;
GRANT UPDATE (state, settled_at, settled_by, said) ON caregiver_proof, employment_takeover TO yinling_app;

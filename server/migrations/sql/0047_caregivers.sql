-- A caregiver is known to the site that keeps the file, to sites they work or worked at, to offices over
-- either, and to themselves.
CREATE FUNCTION own_caregiver() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT id FROM caregiver WHERE account_id = seen_account() OR staff_id = seen_staff() ORDER BY id LIMIT 1
$$;
REVOKE ALL ON FUNCTION own_caregiver() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_caregiver() TO yinling_app;

ALTER TABLE employment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON employment USING (
    (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR caregiver_id = (SELECT own_caregiver())
) WITH CHECK ((SELECT sees_all()) OR is_kept_here(site_id));

ALTER TABLE caregiver ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON caregiver USING (
    (SELECT sees_all())
    OR keeper_site_id IN (SELECT kept_sites())
    OR id = (SELECT own_caregiver())
    OR EXISTS (SELECT 1 FROM employment e WHERE e.caregiver_id = caregiver.id)
);

ALTER TABLE employment_contract ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON employment_contract USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM employment e WHERE e.id = employment_id)
) WITH CHECK ((SELECT sees_all())
    OR EXISTS (SELECT 1 FROM employment e WHERE e.id = employment_id AND is_kept_here(e.site_id)));

ALTER TABLE caregiver_education ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON caregiver_education USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));
ALTER TABLE skill_certificate ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON skill_certificate USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));
ALTER TABLE continuing_education ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON continuing_education USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));
ALTER TABLE caregiver_breach ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON caregiver_breach USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));

-- When somebody was at work is for whoever they worked for, and for offices over it.
ALTER TABLE attendance_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON attendance_day USING (
    (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR caregiver_id = (SELECT own_caregiver()));
ALTER TABLE attendance_month ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON attendance_month USING (
    (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR caregiver_id = (SELECT own_caregiver())
) WITH CHECK ((SELECT sees_all()) OR is_kept_here(site_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON caregiver
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'id_number_cipher,payee_cipher');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON caregiver_education FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON employment FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON employment_contract FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON skill_certificate
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'check_code');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON attendance_day
    FOR EACH ROW EXECUTE FUNCTION write_trail('caregiver_id,site_id,day');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON attendance_month
    FOR EACH ROW EXECUTE FUNCTION write_trail('caregiver_id,site_id,month');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON continuing_education FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON caregiver_breach FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Who somebody is and whose a row is never changes; what was dated is ended, not rewritten.
GRANT SELECT, INSERT ON caregiver, caregiver_education, employment, employment_contract, skill_certificate,
    attendance_day, attendance_month, continuing_education, caregiver_breach TO yinling_app;
GRANT UPDATE (name, pinyin, initials, phone, language, keeper_site_id, account_id, staff_id, payee_bank,
    payee_cipher, payee_digest) ON caregiver TO yinling_app;
GRANT UPDATE (school, subject, obtained_on, recognition, recognised_on, file_id) ON caregiver_education TO yinling_app;
GRANT UPDATE (overlap_allowed, ends_on, leaving_reason) ON employment TO yinling_app;
GRANT UPDATE (ends_on, insurance_payer, insurance_payer_name, file_id) ON employment_contract TO yinling_app;
GRANT UPDATE (valid_until, annulled_on, verified_on, file_id) ON skill_certificate TO yinling_app;
GRANT UPDATE (left_at) ON attendance_day TO yinling_app;
GRANT UPDATE (days, source, filed_at, filed_by) ON attendance_month TO yinling_app;
GRANT UPDATE (cleared_on) ON caregiver_breach TO yinling_app;

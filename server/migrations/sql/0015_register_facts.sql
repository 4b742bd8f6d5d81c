-- What rules ask of a person is known to the platform and to offices over the village; not to canteens
-- that see a guest, nor to helpers, whatever their scopes.
ALTER TABLE identity_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity_document USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON identity_document FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'number_cipher');

ALTER TABLE resident_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON resident_contact USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON resident_contact FOR EACH ROW EXECUTE FUNCTION write_trail('id');

ALTER TABLE hukou ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON hukou USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON hukou FOR EACH ROW EXECUTE FUNCTION write_trail('id');

ALTER TABLE disability_certificate ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON disability_certificate USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON disability_certificate FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'number_cipher');

ALTER TABLE guardianship ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON guardianship USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON guardianship FOR EACH ROW EXECUTE FUNCTION write_trail('id');

ALTER TABLE care_insurance ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_insurance USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON care_insurance FOR EACH ROW EXECUTE FUNCTION write_trail('id');

ALTER TABLE payee_account ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON payee_account USING ((SELECT sees_all()) OR is_in_reach(resident_id));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON payee_account FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'account_cipher');

-- A file is seen where its resident is; one that shows nobody is the platform's until somebody needs it.
ALTER TABLE file ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON file USING ((SELECT sees_all()) OR is_in_reach(resident_id));
ALTER TABLE file_content ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON file_content USING (EXISTS (SELECT 1 FROM file f WHERE f.id = file_id));
-- What is in a file leaves no line of its own: the file's line has its hash.
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON file FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- A fact never moves to somebody else. Periods end and stay; a contact that is taken out is gone,
-- and so is a document that was somebody else's. A file never changes: it is removed.
GRANT SELECT, INSERT ON hukou, disability_certificate, guardianship, care_insurance, payee_account,
    identity_document, resident_contact, file, file_content TO yinling_app;
GRANT DELETE ON identity_document, resident_contact, file_content TO yinling_app;
GRANT UPDATE (kind, division_code, place, starts_on, ends_on) ON hukou TO yinling_app;
GRANT UPDATE (category, grade, number_cipher, number_digest, starts_on, ends_on)
    ON disability_certificate TO yinling_app;
GRANT UPDATE (incapacity, basis, guardian_name, relation, phone, starts_on, ends_on)
    ON guardianship TO yinling_app;
GRANT UPDATE (scheme, level, starts_on, ends_on) ON care_insurance TO yinling_app;
GRANT UPDATE (bank, account_cipher, account_digest, last_four, holder_name, relation, starts_on, ends_on)
    ON payee_account TO yinling_app;
GRANT UPDATE (kind, number_cipher, number_digest, expires_on) ON identity_document TO yinling_app;
GRANT UPDATE (name, relation, phone, is_emergency, call_order, note) ON resident_contact TO yinling_app;
GRANT UPDATE (removed_at) ON file TO yinling_app;

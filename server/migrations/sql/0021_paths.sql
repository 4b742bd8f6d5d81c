-- A referral is known to the person, to whoever acts for them, to both facilities, and to offices over
-- either facility or over the village; and written by facilities and offices.
ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON referral USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_kept_here(to_site_id)
    OR is_kept_here(from_site_id)
    OR is_in_reach(resident_id)
) WITH CHECK (
    (SELECT sees_all()) OR is_kept_here(to_site_id) OR is_kept_here(from_site_id) OR is_in_reach(resident_id)
);
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON referral FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Whom it is about, from where and to where never changes.
GRANT SELECT, INSERT ON referral TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by, decline_reason, held_stay_id, handover_note, handed_over_on)
    ON referral TO yinling_app;

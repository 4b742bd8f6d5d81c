-- The photo of a visit is also the elder's, and of whoever acts for them. The portrait of a care worker
-- is for those who may know of a visit of hers: row security of care_visit says who that is.
DROP POLICY seen ON file;
CREATE POLICY seen ON file USING (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR purpose = 'site_photo'
    OR site_id IS NOT NULL AND is_kept_here(site_id)
    OR purpose = 'visit_photo' AND resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR purpose = 'renovation_photo' AND EXISTS (SELECT 1 FROM renovation_photo f WHERE f.file_id = file.id)
    OR purpose = 'staff_photo' AND EXISTS (SELECT 1 FROM care_visit v WHERE v.worker_id = file.staff_id)
) WITH CHECK (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR site_id IS NOT NULL AND is_kept_here(site_id)
);

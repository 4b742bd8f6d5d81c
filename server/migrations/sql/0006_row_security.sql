-- A net beneath the queries' own filters: without an entered context the application's role sees
-- no person at all, and with one only those the actor may know.
ALTER TABLE resident ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON resident USING (
    id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR lies_under(village_code, (SELECT seen_prefixes()))
    OR EXISTS (SELECT 1 FROM care_link l
                WHERE l.resident_id = resident.id AND l.site_id = ANY ((SELECT seen_sites())::bigint[]))
);

ALTER TABLE care_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_link USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id = ANY ((SELECT seen_sites())::bigint[])
);

-- Who is poor and who may act for whom is written by the platform and by offices over the village,
-- never by the one it favours.
CREATE FUNCTION is_in_reach(resident bigint) RETURNS boolean
LANGUAGE sql STABLE RETURN EXISTS (
    SELECT 1 FROM resident r WHERE r.id = resident AND lies_under(r.village_code, (SELECT seen_prefixes())));

ALTER TABLE hardship_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON hardship_period USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK ((SELECT sees_all()) OR is_in_reach(resident_id));

ALTER TABLE resident_grant ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON resident_grant USING (
    account_id = (SELECT seen_account())
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK ((SELECT sees_all()) OR is_in_reach(resident_id));

ALTER TABLE booking ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON booking USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR canteen_id = ANY ((SELECT seen_sites())::bigint[])
    OR EXISTS (SELECT 1 FROM site s
                WHERE s.id = canteen_id AND lies_under(s.division_code, (SELECT seen_prefixes())))
);

ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON account USING (id = (SELECT seen_account()) OR (SELECT sees_all()));

ALTER TABLE sign_in ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON sign_in USING (
    account_id = (SELECT seen_account()) OR staff_id = (SELECT seen_staff()) OR (SELECT sees_all())
);

ALTER TABLE sign_in_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON sign_in_code USING ((SELECT sees_all()));

ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON contact USING ((SELECT sees_all()));

ALTER TABLE message ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON message USING ((SELECT sees_all()));

-- Who sees whom among those who work here. Administrators see every account and no secret of one;
-- everybody sees the colleagues of their own sites and divisions; the platform sees all.
CREATE FUNCTION meets_own_places(division text, site bigint) RETURNS boolean
LANGUAGE sql STABLE RETURN
    site = ANY ((SELECT seen_sites())::bigint[])
    OR lies_under(division, (SELECT seen_prefixes()))
    OR EXISTS (SELECT 1 FROM site s WHERE s.id = site AND lies_under(s.division_code, (SELECT seen_prefixes())));

ALTER TABLE staff_role ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON staff_role FOR SELECT USING (
    staff_id = (SELECT seen_staff())
    OR (SELECT sees_all())
    OR (SELECT sees_accounts())
    OR meets_own_places(division_code, site_id)
);
CREATE POLICY given ON staff_role FOR INSERT WITH CHECK (
    (SELECT sees_all())
    OR (SELECT sees_accounts()) AND given_by = (SELECT seen_staff()) AND staff_id <> given_by
);
CREATE POLICY ended ON staff_role FOR UPDATE USING (
    (SELECT sees_all()) OR (SELECT sees_accounts()) AND staff_id <> (SELECT seen_staff())
);

ALTER TABLE staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON staff FOR SELECT USING (
    id = (SELECT seen_staff())
    OR (SELECT sees_all())
    OR (SELECT sees_accounts())
    OR EXISTS (SELECT 1 FROM staff_role r WHERE r.staff_id = staff.id)
);
CREATE POLICY added ON staff FOR INSERT WITH CHECK ((SELECT sees_all()) OR (SELECT sees_accounts()));
CREATE POLICY changed ON staff FOR UPDATE USING (
    (SELECT sees_all()) OR (SELECT sees_accounts()) AND id <> (SELECT seen_staff())
);

-- Whoever sees what was done for a resident may know by whom: a name, and nothing else of the person.
CREATE FUNCTION name_of_staff(p_staff bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT display_name FROM staff
     WHERE id = p_staff AND (seen_account() IS NOT NULL OR seen_staff() IS NOT NULL OR sees_all())
$$;

-- Secrets are one's own, and the platform's at the door.
ALTER TABLE staff_password ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON staff_password USING (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));
ALTER TABLE second_factor ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON second_factor USING (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));
ALTER TABLE recovery_code ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON recovery_code USING (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));

-- A ticket that an administrator gives opens the door for somebody else, who then chooses a password.
ALTER TABLE staff_ticket ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON staff_ticket USING (
    (SELECT sees_all()) OR (SELECT sees_accounts()) AND staff_id <> (SELECT seen_staff())
) WITH CHECK (
    (SELECT sees_all())
    OR (SELECT sees_accounts()) AND purpose <> 'second_step' AND given_by = (SELECT seen_staff())
);

DROP POLICY seen ON sign_in;
CREATE POLICY seen ON sign_in USING (
    account_id = (SELECT seen_account())
    OR staff_id = (SELECT seen_staff())
    OR (SELECT sees_all())
    OR staff_id IS NOT NULL AND (SELECT sees_accounts())
);

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON api_key USING ((SELECT sees_all()) OR (SELECT sees_accounts()));
ALTER TABLE api_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON api_call FOR SELECT USING ((SELECT sees_all()) OR (SELECT sees_accounts()));
CREATE POLICY written ON api_call FOR INSERT WITH CHECK ((SELECT sees_all()));

-- An office is never moved: it ends, and another begins. A key is never widened: it is revoked.
REVOKE UPDATE ON staff_role, sign_in FROM yinling_app;
GRANT UPDATE (ends_on) ON staff_role TO yinling_app;
-- That a second factor was passed is written once, when the sign-in begins.
GRANT UPDATE (expires_at, revoked_at) ON sign_in TO yinling_app;
GRANT SELECT, INSERT, UPDATE ON staff_password, second_factor, staff_ticket TO yinling_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_code TO yinling_app;
GRANT SELECT, INSERT ON api_key, api_call TO yinling_app;
GRANT UPDATE (revoked_at) ON api_key TO yinling_app;

-- Offices that one person may not hold at the same time. Whoever approves does not release money
-- (不相容岗位相互分离: 财会〔2012〕21号 第十二条（一）); whoever manages accounts sees no personal data, and so holds nothing else.

-- True where two scopes have a place in common; a site lies in the divisions above it.
CREATE FUNCTION scopes_meet(one_division text, one_site bigint, other_division text, other_site bigint)
RETURNS boolean LANGUAGE sql STABLE RETURN
    one_site = other_site
    OR (one_site IS NULL OR other_site IS NULL) AND EXISTS (
        SELECT 1 FROM (SELECT
            coalesce(one_division, (SELECT division_code FROM site WHERE id = one_site)) AS one,
            coalesce(other_division, (SELECT division_code FROM site WHERE id = other_site)) AS other
        ) AS divisions
        WHERE CASE WHEN one_site IS NOT NULL THEN starts_with(one, other)
                   WHEN other_site IS NOT NULL THEN starts_with(other, one)
                   ELSE starts_with(one, other) OR starts_with(other, one) END);

CREATE FUNCTION duties_clash(one text, other text) RETURNS boolean
LANGUAGE sql IMMUTABLE RETURN
    one <> other AND one IN ('approver', 'cashier') AND other IN ('approver', 'cashier');

-- Two offices given at the same moment wait for each other at the row of the person, so that the
-- second sees the first. The names stand for exclusion constraints, which could not compare scopes.
CREATE FUNCTION keep_duties_apart() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_broken text;
BEGIN
    PERFORM 1 FROM staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    SELECT CASE WHEN r.role = NEW.role THEN 'ex_staff_role_held_once' ELSE 'ex_staff_role_duties_apart' END
      INTO v_broken
      FROM staff_role r
     WHERE r.staff_id = NEW.staff_id AND r.id <> NEW.id
       AND daterange(r.starts_on, r.ends_on) && daterange(NEW.starts_on, NEW.ends_on)
       AND CASE WHEN r.role = NEW.role
                THEN (r.division_code, r.site_id) IS NOT DISTINCT FROM (NEW.division_code, NEW.site_id)
                ELSE 'administrator' IN (r.role, NEW.role)
                     OR duties_clash(r.role, NEW.role)
                        AND scopes_meet(r.division_code, r.site_id, NEW.division_code, NEW.site_id) END
     ORDER BY 1 LIMIT 1;
    IF v_broken IS NOT NULL THEN
        RAISE EXCEPTION 'these offices may not be held by one person at the same time'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = v_broken, TABLE = 'staff_role';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER duties_apart BEFORE INSERT OR UPDATE ON staff_role
    FOR EACH ROW EXECUTE FUNCTION keep_duties_apart();

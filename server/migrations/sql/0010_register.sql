-- Until now a helper could only book meals, and no scope was asked for.
ALTER TABLE resident_grant DISABLE TRIGGER trail;
UPDATE resident_grant SET scopes = ARRAY['book_meals'] WHERE kind = 'helper' AND scopes = '{}';
ALTER TABLE resident_grant ENABLE TRIGGER trail;

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON special_care_period FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON opening FOR EACH ROW EXECUTE FUNCTION write_trail('id');

ALTER TABLE special_care_period ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON special_care_period USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK ((SELECT sees_all()) OR is_in_reach(resident_id));

-- Who opened a file is for the file's own person and for whoever may know that person; an opening
-- is only ever in the name of the one who makes it.
ALTER TABLE opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON opening USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK (
    (SELECT sees_all())
    OR (staff_id = (SELECT seen_staff()) AND EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id))
);

-- A window may know the phone of an account that acts for somebody in its reach.
CREATE POLICY known ON account FOR SELECT USING (
    EXISTS (SELECT 1 FROM resident_grant g WHERE g.account_id = account.id AND is_in_reach(g.resident_id))
);

-- A resident names and dismisses helpers herself; a helper names nobody.
CREATE FUNCTION is_own(resident bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM resident_grant g
                    WHERE g.account_id = seen_account() AND g.resident_id = resident AND g.kind = 'self'
                      AND g.starts_on <= seen_today() AND (g.ends_on IS NULL OR g.ends_on > seen_today()))
$$;
CREATE POLICY own_helpers ON resident_grant
    USING (is_own(resident_id)) WITH CHECK (kind = 'helper' AND is_own(resident_id));

-- The account of a phone, opened where there is none. A window names a phone and learns a number;
-- it never browses accounts.
CREATE FUNCTION account_of(p_phone text, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_id bigint;
BEGIN
    IF NOT (sees_all() OR seen_staff() IS NOT NULL OR seen_account() IS NOT NULL) THEN
        RAISE EXCEPTION 'nobody asks for an account' USING ERRCODE = 'YL001';
    END IF;
    SELECT id INTO v_id FROM account WHERE phone = p_phone;
    IF v_id IS NULL THEN
        INSERT INTO account (phone, language, created_at) VALUES (p_phone, 'zh-CN', p_at)
            ON CONFLICT (phone) DO NOTHING;
        SELECT id INTO v_id FROM account WHERE phone = p_phone;
    END IF;
    RETURN v_id;
END $$;

GRANT SELECT, INSERT, UPDATE ON special_care_period TO yinling_app;
GRANT SELECT, INSERT ON opening TO yinling_app;

-- An office knows what its own people have booked, wherever they eat.
ALTER POLICY seen ON booking USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR canteen_id = ANY ((SELECT seen_sites())::bigint[])
    OR EXISTS (SELECT 1 FROM site s
                WHERE s.id = canteen_id AND lies_under(s.division_code, (SELECT seen_prefixes())))
    OR is_in_reach(resident_id)
);

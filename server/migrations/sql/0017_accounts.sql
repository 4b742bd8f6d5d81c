-- The account of a phone, as in 0014, where a number may have had others that were closed: only the
-- account that a departure closed is opened again, any other phone gets one anew.
CREATE OR REPLACE FUNCTION account_of(p_phone text, p_at timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_id bigint;
BEGIN
    IF NOT (sees_all() OR seen_staff() IS NOT NULL OR seen_account() IS NOT NULL) THEN
        RAISE EXCEPTION 'nobody asks for an account' USING ERRCODE = 'YL001';
    END IF;
    SELECT id INTO v_id FROM account WHERE phone = p_phone AND closed_at IS NULL;
    IF v_id IS NOT NULL THEN
        RETURN v_id;
    END IF;

    SELECT a.id INTO v_id FROM account a
     WHERE a.phone = p_phone
       AND EXISTS (SELECT 1 FROM resident_grant g JOIN departure d USING (resident_id)
                    WHERE g.account_id = a.id AND g.kind = 'self' AND d.reported_at = a.closed_at)
     ORDER BY a.closed_at DESC, a.id DESC LIMIT 1 FOR UPDATE;
    IF v_id IS NOT NULL THEN
        UPDATE account SET closed_at = NULL WHERE id = v_id AND closed_at IS NOT NULL;
        RETURN v_id;
    END IF;

    INSERT INTO account (phone, language, created_at) VALUES (p_phone, 'zh-CN', p_at)
        ON CONFLICT (phone) WHERE closed_at IS NULL DO NOTHING RETURNING id INTO v_id;
    IF v_id IS NULL THEN
        SELECT id INTO v_id FROM account WHERE phone = p_phone AND closed_at IS NULL;
    END IF;
    RETURN v_id;
END $$;

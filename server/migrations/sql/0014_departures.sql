-- A report reaches further than the one who makes it may look: a death reported in one village ends
-- a booking in another county. The platform's key widens what this transaction sees; who acts, and
-- so what the trail says, stays. Answers with the context and seal to go back to.
CREATE FUNCTION reach_everywhere(p_context_key text, OUT context text, OUT seal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_entered jsonb := entered();
    v_wide text;
BEGIN
    IF v_entered IS NULL OR (SELECT s.platform_digest = sha256(convert_to(p_context_key, 'UTF8'))
                               FROM context_secret s) IS NOT TRUE THEN
        RAISE EXCEPTION 'the context key is not this city''s' USING ERRCODE = 'YL002';
    END IF;
    context := current_setting('yinling.context');
    seal := current_setting('yinling.seal');
    v_wide := (v_entered || '{"all": true}')::text;
    PERFORM set_config('yinling.context', v_wide, true),
            set_config('yinling.seal', seal_of(v_wide), true);
END $$;

-- Who died, and what does not fit, is known to the platform and to offices over the village; not to
-- canteens that see a guest, nor to helpers.
ALTER TABLE departure ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON departure USING ((SELECT sees_all()) OR is_in_reach(resident_id));

ALTER TABLE finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON finding USING ((SELECT sees_all()) OR is_in_reach(resident_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON departure FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON finding FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- What was reported never changes; it is reversed. A finding changes its state.
GRANT SELECT, INSERT ON departure, finding TO yinling_app;
GRANT UPDATE (effects, reversed_at, reversed_by, reversal_reason) ON departure TO yinling_app;
GRANT UPDATE (state, evidence, found_at) ON finding TO yinling_app;

-- A phone goes on to the widow: an account that a departure closed is opened again for whoever is
-- now to use it. Its old grants have ended and its old devices are signed out.
CREATE OR REPLACE FUNCTION account_of(p_phone text, p_at timestamptz) RETURNS bigint
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
    UPDATE account a SET closed_at = NULL
     WHERE a.id = v_id AND a.closed_at IS NOT NULL
       AND EXISTS (SELECT 1 FROM resident_grant g JOIN departure d USING (resident_id)
                    WHERE g.account_id = v_id AND g.kind = 'self' AND d.reported_at = a.closed_at);
    RETURN v_id;
END $$;

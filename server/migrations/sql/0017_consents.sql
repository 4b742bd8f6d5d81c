-- Who agreed to what is seen by the person, by helpers' phones as far as the person is, and by
-- offices over the village. It is given by the person alone, or written down at a window there.
ALTER TABLE consent ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON consent USING (
    account_id = (SELECT seen_account())
    OR resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_in_reach(resident_id)
) WITH CHECK (
    account_id = (SELECT seen_account())
    OR (SELECT sees_all())
    OR is_own(resident_id)
    OR is_in_reach(resident_id)
);

-- A consent is withdrawn once, and never changes else.
CREATE FUNCTION guard_consent() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL
        OR (to_jsonb(NEW) - '{withdrawn_at,withdrawn_how}'::text[])
           IS DISTINCT FROM (to_jsonb(OLD) - '{withdrawn_at,withdrawn_how}'::text[])
    THEN
        RAISE EXCEPTION 'a consent is only withdrawn, and once' USING ERRCODE = 'YL004';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION guard_consent();
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON consent FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- The words are brought in by steps of the schema alone.
GRANT SELECT ON consent_text TO yinling_app;
GRANT SELECT, INSERT ON consent TO yinling_app;
GRANT UPDATE (withdrawn_at, withdrawn_how) ON consent TO yinling_app;

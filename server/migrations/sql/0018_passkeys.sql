-- A passkey is its owner's. The door sees all; whoever manages accounts sees which there are, and
-- revokes them, and never adds one for somebody else.
ALTER TABLE passkey ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON passkey FOR SELECT USING (
    staff_id = (SELECT seen_staff()) OR (SELECT sees_all()) OR (SELECT sees_accounts())
);
CREATE POLICY added ON passkey FOR INSERT WITH CHECK (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));
CREATE POLICY changed ON passkey FOR UPDATE USING (
    staff_id = (SELECT seen_staff()) OR (SELECT sees_all()) OR (SELECT sees_accounts())
);

-- What is asked at the door is asked of nobody yet: the platform holds it.
ALTER TABLE passkey_challenge ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON passkey_challenge USING (staff_id = (SELECT seen_staff()) OR (SELECT sees_all()));

-- A revoked passkey stays revoked, whoever asks: the owner adds another.
CREATE FUNCTION guard_passkey() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
        OR NEW.sign_count < OLD.sign_count
    THEN
        RAISE EXCEPTION 'a passkey neither comes back nor counts backwards' USING ERRCODE = 'YL004';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE UPDATE ON passkey FOR EACH ROW EXECUTE FUNCTION guard_passkey();

-- That it was used, its sign-in says.
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF label, revoked_at, doubted_at ON passkey
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'credential_id,public_key,sign_count,last_used_at');

-- Whose it is and which key it holds never changes.
GRANT SELECT, INSERT ON passkey TO yinling_app;
GRANT UPDATE (sign_count, label, last_used_at, revoked_at, doubted_at) ON passkey TO yinling_app;
GRANT SELECT, INSERT, DELETE ON passkey_challenge TO yinling_app;

-- A ticket is used up by whoever comes after the one who gave it: an administrator replaces what
-- another, or the command line, handed out. Only that it was used ever changes.
DROP POLICY seen ON staff_ticket;
CREATE POLICY seen ON staff_ticket FOR SELECT USING (
    (SELECT sees_all()) OR (SELECT sees_accounts()) AND staff_id <> (SELECT seen_staff())
);
CREATE POLICY given ON staff_ticket FOR INSERT WITH CHECK (
    (SELECT sees_all())
    OR (SELECT sees_accounts()) AND staff_id <> (SELECT seen_staff())
       AND purpose <> 'second_step' AND given_by = (SELECT seen_staff())
);
CREATE POLICY used ON staff_ticket FOR UPDATE USING (
    (SELECT sees_all()) OR (SELECT sees_accounts()) AND staff_id <> (SELECT seen_staff())
);
REVOKE UPDATE ON staff_ticket FROM yinling_app;
GRANT UPDATE (used_at) ON staff_ticket TO yinling_app;

-- What administrators need of a second factor without ever reading one: since when it is there, and
-- that it be forgotten. Both stand beneath row security, and so ask themselves who acts.
CREATE FUNCTION second_factor_since(p_staff bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT confirmed_at FROM second_factor
     WHERE staff_id = p_staff AND (sees_all() OR sees_accounts() OR p_staff = seen_staff())
$$;

-- Answers whether there was one.
CREATE FUNCTION forget_second_factor(p_staff bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT (sees_all() OR sees_accounts() AND p_staff IS DISTINCT FROM seen_staff()) THEN
        RAISE EXCEPTION 'not this person''s second factor' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM recovery_code WHERE staff_id = p_staff;
    DELETE FROM second_factor WHERE staff_id = p_staff;
    RETURN FOUND;
END $$;

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staff_password
    FOR EACH ROW EXECUTE FUNCTION write_trail('staff_id', 'password_hash');
-- The half minute of the last code says nothing that its sign-in does not.
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF secret_cipher, begun_at, confirmed_at ON second_factor
    FOR EACH ROW EXECUTE FUNCTION write_trail('staff_id', 'secret_cipher,last_step');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON recovery_code
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'code_digest');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staff_ticket
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'token_digest');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON api_key
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'token_digest');

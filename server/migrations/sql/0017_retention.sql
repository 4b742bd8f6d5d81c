-- What is retired in time. The application may not delete these rows: this function does, for the
-- platform alone, by kind, in slices, and never what is younger than thirty days. The trail stays.
CREATE FUNCTION retire(p_kind text, p_before timestamptz, p_limit integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_at timestamptz := (entered() -> 'who' ->> 'at')::timestamptz;
    v_count integer;
BEGIN
    IF NOT sees_all() OR v_at IS NULL THEN
        RAISE EXCEPTION 'only the platform retires rows' USING ERRCODE = 'YL001';
    END IF;
    IF p_before IS NULL OR p_before > v_at - interval '30 days' THEN
        RAISE EXCEPTION 'nothing younger than thirty days is retired' USING ERRCODE = 'YL004';
    END IF;

    CASE p_kind
    WHEN 'sign_ins' THEN
        DELETE FROM sign_in WHERE id IN (
            SELECT s.id FROM sign_in s WHERE least(s.expires_at, s.revoked_at) < p_before
             ORDER BY s.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
    WHEN 'openings' THEN
        DELETE FROM opening WHERE id IN (
            SELECT o.id FROM opening o WHERE o.expires_at < p_before
             ORDER BY o.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
    WHEN 'api_calls' THEN
        DELETE FROM api_call WHERE id IN (
            SELECT c.id FROM api_call c WHERE c.at < p_before
             ORDER BY c.id LIMIT p_limit FOR UPDATE SKIP LOCKED);
    WHEN 'closed_accounts' THEN
        WITH forgotten AS (
            SELECT a.id, a.phone FROM account a WHERE a.closed_at < p_before AND a.phone <> ''
             ORDER BY a.id LIMIT p_limit FOR UPDATE SKIP LOCKED
        ), contacts AS (
            -- What was sent stays counted; to which number is forgotten with the account.
            UPDATE contact c SET phone = 'forgotten ' || c.id
             WHERE c.phone IN (SELECT f.phone FROM forgotten f)
               AND NOT EXISTS (SELECT 1 FROM account o
                                WHERE o.phone = c.phone AND o.id NOT IN (SELECT f.id FROM forgotten f))
        )
        UPDATE account a SET phone = '' FROM forgotten f WHERE a.id = f.id;
    END CASE;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;

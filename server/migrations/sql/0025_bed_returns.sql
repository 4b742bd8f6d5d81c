-- Who acts, as in 0012, and besides: with which key a department files.
-- `p_is_refresh`: a page renewed itself. That keeps nobody signed in who passed a second factor.
CREATE OR REPLACE FUNCTION enter(
    p_writes boolean, p_face text, p_action text, p_request_id text, p_reason text,
    p_at timestamptz, p_digest bytea, p_context_key text, p_resident bigint,
    p_is_refresh boolean DEFAULT false,
    OUT act_id bigint, OUT sign_in_id bigint, OUT account_id bigint, OUT staff_id bigint,
    OUT is_service boolean, OUT resident_ids bigint[], OUT own_resident_ids bigint[], OUT roles jsonb,
    OUT api_key jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
    v_today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_prefixes jsonb := '[]';
    v_sites jsonb := '[]';
    v_manages boolean := false;
    v_has_second_factor boolean := false;
    v_last_used timestamptz;
    v_context text;
BEGIN
    is_service := false;
    resident_ids := '{}';
    own_resident_ids := '{}';
    roles := '[]';

    IF p_context_key IS NOT NULL THEN
        SELECT s.platform_digest = sha256(convert_to(p_context_key, 'UTF8')) INTO is_service
          FROM context_secret s;
        IF NOT is_service THEN
            RAISE EXCEPTION 'the context key is not this city''s' USING ERRCODE = 'YL002';
        END IF;
    ELSIF p_digest IS NOT NULL THEN
        SELECT i.id, i.account_id, i.staff_id, i.second_factor_at IS NOT NULL, i.last_used_at
          INTO sign_in_id, account_id, staff_id, v_has_second_factor, v_last_used
          FROM sign_in i
          LEFT JOIN account a ON a.id = i.account_id
          LEFT JOIN staff s ON s.id = i.staff_id
         WHERE i.token_digest = p_digest AND i.revoked_at IS NULL AND i.expires_at > p_at
           AND (i.idle_seconds IS NULL
                OR coalesce(i.last_used_at, i.created_at) > p_at - i.idle_seconds * interval '1 second')
           AND a.closed_at IS NULL AND s.disabled_at IS NULL;
        IF sign_in_id IS NULL AND p_face = 'open-api' THEN
            SELECT jsonb_build_object('id', k.id, 'scopes', to_jsonb(k.scopes),
                                      'fields', to_jsonb(k.fields), 'rate', k.rate_per_minute)
              INTO api_key FROM api_key k
             WHERE k.token_digest = p_digest AND k.revoked_at IS NULL AND k.expires_at > p_at;
        END IF;
    END IF;

    IF account_id IS NOT NULL THEN
        SELECT coalesce(array_agg(DISTINCT g.resident_id), '{}'),
               coalesce(array_agg(DISTINCT g.resident_id) FILTER (WHERE g.kind = 'self'), '{}')
          INTO resident_ids, own_resident_ids
          FROM resident_grant g
         WHERE g.account_id = account_id
           AND g.starts_on <= v_today AND (g.ends_on IS NULL OR g.ends_on > v_today);
    ELSIF staff_id IS NOT NULL THEN
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'role', r.role, 'prefix', r.division_code, 'site_id', r.site_id) ORDER BY r.id), '[]'),
               -- An administrator manages accounts and sees no personal data.
               coalesce(jsonb_agg(r.division_code) FILTER (
                   WHERE r.division_code IS NOT NULL AND r.role <> 'administrator'), '[]'),
               coalesce(jsonb_agg(r.site_id) FILTER (
                   WHERE r.site_id IS NOT NULL AND r.role <> 'administrator'), '[]'),
               coalesce(bool_or(r.role = 'administrator'), false)
          INTO roles, v_prefixes, v_sites, v_manages
          FROM staff_role r
         WHERE r.staff_id = staff_id
           AND r.starts_on <= v_today AND (r.ends_on IS NULL OR r.ends_on > v_today)
           AND (v_has_second_factor OR NOT needs_second_factor(r.role));
    END IF;

    -- To the minute for staff, to the hour for a phone: most calls write nothing here.
    IF sign_in_id IS NOT NULL AND NOT (p_is_refresh AND v_has_second_factor)
       AND coalesce(v_last_used < p_at - CASE WHEN staff_id IS NULL THEN interval '1 hour'
                                              ELSE interval '1 minute' END, true)
       AND current_setting('transaction_read_only') = 'off' THEN
        UPDATE sign_in SET last_used_at = p_at
         WHERE id = (SELECT i.id FROM sign_in i WHERE i.id = sign_in_id
                        FOR NO KEY UPDATE SKIP LOCKED);
    END IF;

    IF p_writes THEN
        INSERT INTO act (at, face, action, request_id, reason,
                         sign_in_id, account_id, staff_id, for_resident_id)
        VALUES (p_at, p_face, p_action, p_request_id, p_reason,
                sign_in_id, account_id, staff_id, p_resident)
        RETURNING act.id INTO act_id;
    END IF;

    v_context := jsonb_build_object(
        'act', act_id, 'who', CASE WHEN p_writes THEN jsonb_strip_nulls(jsonb_build_object(
            'at', p_at, 'face', p_face, 'action', p_action, 'request', p_request_id,
            'reason', p_reason, 'sign_in', sign_in_id, 'account', account_id, 'staff', staff_id,
            'for_resident', p_resident)) END,
        'all', is_service, 'account', account_id, 'staff', staff_id, 'accounts', v_manages,
        'today', v_today, 'key', api_key -> 'id',
        'residents', to_jsonb(resident_ids), 'prefixes', v_prefixes, 'sites', v_sites)::text;
    PERFORM set_config('yinling.context', v_context, true),
            set_config('yinling.seal', seal_of(v_context), true);
END $$;

CREATE FUNCTION seen_key() RETURNS bigint
LANGUAGE sql STABLE RETURN (entered() ->> 'key')::bigint;

-- A return is known to its facility, to offices over its place, and to the key that files for it.
ALTER TABLE bed_return ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON bed_return USING (
    (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR site_id IN (SELECT k.site_id FROM api_key_site k WHERE k.api_key_id = (SELECT seen_key())));
DROP POLICY seen ON daily_report;
CREATE POLICY seen ON daily_report USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

-- A site knows whom it cares for while it does: a link that has ended shows nobody any more, and no
-- site links itself to a person it would like to see. The context says which day it is.
CREATE OR REPLACE FUNCTION enter(
    p_writes boolean, p_face text, p_action text, p_request_id text, p_reason text,
    p_at timestamptz, p_digest bytea, p_context_key text, p_resident bigint,
    OUT act_id bigint, OUT sign_in_id bigint, OUT account_id bigint, OUT staff_id bigint,
    OUT is_service boolean, OUT resident_ids bigint[], OUT own_resident_ids bigint[], OUT roles jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
    v_today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_prefixes jsonb := '[]';
    v_sites jsonb := '[]';
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
        SELECT i.id, i.account_id, i.staff_id INTO sign_in_id, account_id, staff_id
          FROM sign_in i
          LEFT JOIN account a ON a.id = i.account_id
          LEFT JOIN staff s ON s.id = i.staff_id
         WHERE i.token_digest = p_digest AND i.revoked_at IS NULL AND i.expires_at > p_at
           AND a.closed_at IS NULL AND s.disabled_at IS NULL;
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
               coalesce(jsonb_agg(r.site_id) FILTER (WHERE r.site_id IS NOT NULL), '[]')
          INTO roles, v_prefixes, v_sites
          FROM staff_role r
         WHERE r.staff_id = staff_id
           AND r.starts_on <= v_today AND (r.ends_on IS NULL OR r.ends_on > v_today);
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
        'all', is_service, 'account', account_id, 'staff', staff_id, 'today', v_today,
        'residents', to_jsonb(resident_ids), 'prefixes', v_prefixes, 'sites', v_sites)::text;
    PERFORM set_config('yinling.context', v_context, true),
            set_config('yinling.seal', seal_of(v_context), true);
END $$;

CREATE FUNCTION seen_today() RETURNS date
LANGUAGE sql STABLE RETURN (entered() ->> 'today')::date;

ALTER POLICY seen ON resident USING (
    id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR lies_under(village_code, (SELECT seen_prefixes()))
    OR EXISTS (SELECT 1 FROM care_link l
                WHERE l.resident_id = resident.id AND l.site_id = ANY ((SELECT seen_sites())::bigint[])
                  AND l.starts_on <= (SELECT seen_today()) AND l.ends_on > (SELECT seen_today()))
);

ALTER POLICY seen ON care_link WITH CHECK (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_in_reach(resident_id)
);

-- Who acts, proven to the database. Row security and the trail both rest on this file.
-- Every function is created with the city's search_path, so that one cluster can hold many cities.

CREATE TABLE context_secret (
    seal_key text NOT NULL,
    platform_digest bytea NOT NULL,
    one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row)
);
INSERT INTO context_secret VALUES (gen_random_uuid()::text || gen_random_uuid()::text, '\x');

-- The seal ties a context to this backend and this transaction: it cannot be made up, nor used again.
CREATE FUNCTION seal_of(context text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT encode(sha256(convert_to(
        seal_key || '|' || context || '|' || pg_backend_pid() || '|' || transaction_timestamp(), 'UTF8')), 'hex')
      FROM context_secret
$$;

-- Opens a transaction's context: resolves the sign-in, writes the act where something will be
-- written, and seals what this actor may see. Answers who that is; nobody, if nothing was proven.
CREATE FUNCTION enter(
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
        'all', is_service, 'account', account_id, 'staff', staff_id,
        'residents', to_jsonb(resident_ids), 'prefixes', v_prefixes, 'sites', v_sites)::text;
    PERFORM set_config('yinling.context', v_context, true),
            set_config('yinling.seal', seal_of(v_context), true);
END $$;

-- The context of this transaction, or NULL before enter(); raises where it was tampered with.
CREATE FUNCTION entered() RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_context text := current_setting('yinling.context', true);
BEGIN
    IF v_context IS NULL OR v_context = '' THEN
        RETURN NULL;
    END IF;
    IF current_setting('yinling.seal', true) IS DISTINCT FROM seal_of(v_context) THEN
        RAISE EXCEPTION 'this context was not opened by enter()' USING ERRCODE = 'YL003';
    END IF;
    RETURN v_context::jsonb;
END $$;

-- These bodies are bound when they are created, so that no other search_path can bend them.
CREATE FUNCTION sees_all() RETURNS boolean
LANGUAGE sql STABLE RETURN coalesce((entered() ->> 'all')::boolean, false);

CREATE FUNCTION seen_account() RETURNS bigint
LANGUAGE sql STABLE RETURN (entered() ->> 'account')::bigint;

CREATE FUNCTION seen_staff() RETURNS bigint
LANGUAGE sql STABLE RETURN (entered() ->> 'staff')::bigint;

CREATE FUNCTION seen_residents() RETURNS bigint[]
LANGUAGE sql STABLE RETURN array(SELECT jsonb_array_elements_text(entered() -> 'residents')::bigint);

CREATE FUNCTION seen_sites() RETURNS bigint[]
LANGUAGE sql STABLE RETURN array(SELECT jsonb_array_elements_text(entered() -> 'sites')::bigint);

CREATE FUNCTION seen_prefixes() RETURNS text[]
LANGUAGE sql STABLE RETURN array(SELECT jsonb_array_elements_text(entered() -> 'prefixes'));

-- True where the division lies under one of the actor's prefixes. The operators are leakproof,
-- unlike LIKE, so that an index can still be used beneath row security.
CREATE FUNCTION lies_under(division text, prefixes text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE RETURN EXISTS (
    SELECT 1 FROM unnest(prefixes) AS p WHERE division ~>=~ p AND division ~<~ (p || ':'));

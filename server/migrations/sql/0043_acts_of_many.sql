-- One transaction that serves many people who ask in the same moment, each by an act of their own.
-- `enter()` serves one; these two serve many, and what they let see is never more than the persons asked for.

-- Opens the transaction for those who may act for the resident they name, by the very conditions of
-- enter(): whoever is not answered with is to be served alone, and hears there why. A resident is
-- named once; the first who asks is served.
CREATE FUNCTION enter_together(p_asked jsonb, p_at timestamptz, p_scope text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_today date := (p_at AT TIME ZONE 'Asia/Shanghai')::date;
    v_known jsonb;
    v_context text;
BEGIN
    SELECT coalesce(jsonb_agg(to_jsonb(k)), '[]') INTO v_known FROM (
        SELECT DISTINCT ON (a.resident)
               a.place, a.resident, a.action, a.request, i.id AS sign_in, i.account_id AS account, g.is_own,
               coalesce(i.last_used_at < p_at - interval '1 hour', true) AS is_stale
          FROM jsonb_to_recordset(p_asked)
               AS a(place integer, digest text, resident bigint, action text, request text)
          JOIN sign_in i ON i.token_digest = decode(a.digest, 'hex')
          JOIN account c ON c.id = i.account_id
         CROSS JOIN LATERAL (
               SELECT coalesce(bool_or(g.kind = 'self'), false) AS is_own,
                      bool_or(g.kind = 'self' OR p_scope = ANY (g.scopes)) AS is_within
                 FROM resident_grant g
                WHERE g.account_id = i.account_id AND g.resident_id = a.resident
                  AND g.starts_on <= v_today AND (g.ends_on IS NULL OR g.ends_on > v_today)) AS g
         WHERE i.revoked_at IS NULL AND i.expires_at > p_at AND c.closed_at IS NULL
           AND (i.idle_seconds IS NULL
                OR coalesce(i.last_used_at, i.created_at) > p_at - i.idle_seconds * interval '1 second')
           AND g.is_within
         ORDER BY a.resident, a.place) AS k;

    UPDATE sign_in SET last_used_at = p_at
     WHERE id IN (SELECT i.id FROM sign_in i
                   WHERE i.id IN (SELECT (k ->> 'sign_in')::bigint FROM jsonb_array_elements(v_known) AS k
                                   WHERE (k ->> 'is_stale')::boolean)
                     FOR NO KEY UPDATE SKIP LOCKED);

    v_context := (
        SELECT jsonb_build_object(
                   'all', false, 'accounts', false, 'today', v_today, 'prefixes', '[]'::jsonb, 'sites', '[]'::jsonb,
                   'residents', coalesce(jsonb_agg(k -> 'resident'), '[]'),
                   'asked', coalesce(jsonb_object_agg(k ->> 'resident', jsonb_build_object(
                       'at', p_at, 'face', 'phone', 'action', k -> 'action', 'request', k -> 'request',
                       'sign_in', k -> 'sign_in', 'account', k -> 'account', 'for_resident', k -> 'resident')), '{}'))
          FROM jsonb_array_elements(v_known) AS k)::text;
    PERFORM set_config('yinling.context', v_context, true),
            set_config('yinling.seal', seal_of(v_context), true);
    RETURN v_known;
END $$;

-- Writes the acts for these residents, of those who asked. From now on what is changed of a resident
-- is the act's of whoever asked for that resident; anything else is a change without an act.
CREATE FUNCTION act_together(p_residents bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_context jsonb := entered();
    v_acts jsonb;
    v_text text;
BEGIN
    WITH acted AS (
        INSERT INTO act (at, face, action, request_id, sign_in_id, account_id, for_resident_id)
        SELECT (a.who ->> 'at')::timestamptz, a.who ->> 'face', a.who ->> 'action', a.who ->> 'request',
               (a.who ->> 'sign_in')::bigint, (a.who ->> 'account')::bigint, (a.who ->> 'for_resident')::bigint
          FROM (SELECT DISTINCT id, v_context -> 'asked' -> id::text AS who FROM unnest(p_residents) AS r(id)) AS a
         WHERE a.who IS NOT NULL
         ORDER BY a.id
        RETURNING id, for_resident_id)
    SELECT jsonb_object_agg(for_resident_id, jsonb_build_object(
               'act', id, 'who', v_context -> 'asked' -> for_resident_id::text))
      INTO v_acts FROM acted;
    IF v_acts IS NULL THEN
        RAISE EXCEPTION 'nobody asked for these residents' USING ERRCODE = 'YL001';
    END IF;
    v_text := ((v_context - 'asked') || jsonb_build_object('acts', v_acts))::text;
    PERFORM set_config('yinling.context', v_text, true),
            set_config('yinling.seal', seal_of(v_text), true);
END $$;

-- As in 0006, and besides: where one transaction serves many, a row's line is that of whoever asked
-- for the row's resident.
CREATE OR REPLACE FUNCTION write_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_acting jsonb := entered();
    v_act bigint;
    v_hidden text[] := string_to_array(coalesce(TG_ARGV[1], ''), ',');
    v_old jsonb;
    v_new jsonb;
    v_row jsonb;
    v_key text;
BEGIN
    IF TG_OP <> 'INSERT' THEN v_old := to_jsonb(OLD) - v_hidden; END IF;
    IF TG_OP <> 'DELETE' THEN v_new := to_jsonb(NEW) - v_hidden; END IF;
    v_row := coalesce(v_new, v_old);

    IF v_acting ? 'acts' THEN
        v_acting := v_acting -> 'acts' -> (v_row ->> 'resident_id');
    END IF;
    v_act := (v_acting ->> 'act')::bigint;
    IF v_act IS NULL THEN
        RAISE EXCEPTION 'a change of % without an act', TG_TABLE_NAME USING ERRCODE = 'YL001';
    END IF;

    SELECT string_agg(v_row ->> k, '/' ORDER BY n) INTO v_key
      FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS c(k, n);

    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, v_row -> o.key)
          INTO v_old, v_new
          FROM jsonb_each(v_old) AS o WHERE v_row -> o.key IS DISTINCT FROM o.value;
        IF v_new IS NULL THEN RETURN NULL; END IF;
    END IF;

    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    VALUES (v_act, pg_current_xact_id(), TG_TABLE_NAME, v_key,
            jsonb_build_object('act', v_act, 'who', v_acting -> 'who', 'table', TG_TABLE_NAME,
                               'key', v_key, 'op', TG_OP, 'old', v_old, 'new', v_new)::text);
    RETURN NULL;
END $$;

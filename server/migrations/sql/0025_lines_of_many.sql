-- Rows that are added together by the thousand share lines of the trail. A line holds every value of
-- up to a hundred rows whose numbers lie in the same hundred, under the key '12300-12399'. Nothing is
-- left out and nothing is a digest: who, when, which row and each of its values are read from the
-- sealed text as from a line of one row, only the names of the columns are said once.
-- server/audit/many.py reads these lines.
CREATE OR REPLACE FUNCTION write_trail_of_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_context jsonb := entered();
    v_act bigint := (v_context ->> 'act')::bigint;
    v_columns text[];
    v_values text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM added) THEN RETURN NULL; END IF;
    IF v_act IS NULL THEN
        RAISE EXCEPTION 'a change of % without an act', TG_TABLE_NAME USING ERRCODE = 'YL001';
    END IF;

    -- As many as people and other systems file at once: a line each, as ever.
    IF (SELECT count(*) FROM (SELECT 1 FROM added LIMIT 501) AS a) <= 500 THEN
        INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
        SELECT v_act, pg_current_xact_id(), TG_TABLE_NAME, a.id::text,
               jsonb_build_object('act', v_act, 'who', v_context -> 'who', 'table', TG_TABLE_NAME,
                                  'key', a.id::text, 'op', 'INSERT', 'old', NULL, 'new', to_jsonb(a))::text
          FROM added a ORDER BY a.id;
        RETURN NULL;
    END IF;

    SELECT array_agg(t.attname::text ORDER BY t.attnum),
           string_agg(format('a.%I', t.attname), ', ' ORDER BY t.attnum)
      INTO v_columns, v_values
      FROM pg_attribute t WHERE t.attrelid = TG_RELID AND t.attnum > 0 AND NOT t.attisdropped;
    EXECUTE format($many$
        INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
        SELECT $1, pg_current_xact_id(), $2, h.key,
               json_build_object('act', $1, 'who', $3, 'table', $2, 'key', h.key, 'op', 'INSERT',
                                 'old', NULL, 'columns', $4, 'rows', h.rows)::text
          FROM (SELECT a.id / 100 * 100 || '-' || a.id / 100 * 100 + 99 AS key, min(a.id) AS first,
                       json_agg(json_build_array(%s) ORDER BY a.id) AS rows
                  FROM added a GROUP BY a.id / 100) AS h
         ORDER BY h.first
    $many$, v_values) USING v_act, TG_TABLE_NAME::text, v_context -> 'who', to_json(v_columns);
    RETURN NULL;
END $$;

-- What happened in a facility on a day is known to it and to offices over its place. A bed return is
-- counts alone; who may file for which facility is asked in server/facilities/returns.
ALTER TABLE daily_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON daily_report USING ((SELECT sees_all()) OR is_kept_here(site_id));

-- A finding about a facility is for offices over its place, as one about a person is.
DROP POLICY seen ON finding;
CREATE POLICY seen ON finding USING (
    (SELECT sees_all())
    OR resident_id IS NOT NULL AND is_in_reach(resident_id)
    OR site_id IS NOT NULL AND is_kept_here(site_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON daily_report FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON api_key_site FOR EACH ROW EXECUTE FUNCTION write_trail('api_key_id,site_id');

-- A million returns come in by one file: their lines are those of write_trail, written by one
-- statement for all rows of a statement, with the context looked at once.
CREATE FUNCTION write_trail_of_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_context jsonb := entered();
    v_act bigint := (v_context ->> 'act')::bigint;
BEGIN
    IF v_act IS NULL AND EXISTS (SELECT 1 FROM added) THEN
        RAISE EXCEPTION 'a change of % without an act', TG_TABLE_NAME USING ERRCODE = 'YL001';
    END IF;
    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    SELECT v_act, pg_current_xact_id(), TG_TABLE_NAME, a.id::text,
           jsonb_build_object('act', v_act, 'who', v_context -> 'who', 'table', TG_TABLE_NAME,
                              'key', a.id::text, 'op', 'INSERT', 'old', NULL, 'new', to_jsonb(a))::text
      FROM added a ORDER BY a.id;
    RETURN NULL;
END $$;

CREATE TRIGGER trail AFTER UPDATE OR DELETE ON bed_return FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail_of_new AFTER INSERT ON bed_return REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION write_trail_of_new();

-- Which facility, kind and day a return is of never changes; its figures are corrected.
GRANT SELECT, INSERT ON bed_return, daily_report, api_key_site TO yinling_app;
GRANT UPDATE (licensed, usable, occupied, on_leave, nursing_occupied, is_unchanged, source, filed_at, filed_by)
    ON bed_return TO yinling_app;
GRANT UPDATE (occupants, came_in, went_out, fever, ill, hazards, supplies, is_zero, source, filed_at, filed_by)
    ON daily_report TO yinling_app;

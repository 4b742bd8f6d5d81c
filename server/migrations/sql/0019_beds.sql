-- Who sleeps where is known to the person, to whoever acts for them, to the facility, and to offices
-- over the place of the facility; and written by the facility and by those offices.
CREATE FUNCTION is_kept_here(site bigint) RETURNS boolean
LANGUAGE sql STABLE RETURN site = ANY ((SELECT seen_sites())::bigint[]) OR EXISTS (
    SELECT 1 FROM site s WHERE s.id = site AND lies_under(s.division_code, (SELECT seen_prefixes())));

ALTER TABLE stay ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON stay USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_kept_here(site_id)
) WITH CHECK ((SELECT sees_all()) OR is_kept_here(site_id));

ALTER TABLE bed_occupancy ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON bed_occupancy USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_kept_here(site_id)
) WITH CHECK ((SELECT sees_all()) OR is_kept_here(site_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON room FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON bed FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON stay FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON bed_occupancy FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON bed_licence FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- A bed is closed, a record superseded: nothing is deleted, and nobody is moved by rewriting a row.
GRANT SELECT, INSERT ON room, bed, stay, bed_occupancy, bed_licence TO yinling_app;
GRANT UPDATE (floor, name) ON room TO yinling_app;
GRANT UPDATE (label, is_nursing, nursing_evidence, left_uncleaned_at) ON bed TO yinling_app;
GRANT UPDATE (status, planned_on, hold_until, admitted_on, ended_on, end_reason, note) ON stay TO yinling_app;
GRANT UPDATE (ends_on, end_recorded_at, superseded_at) ON bed_occupancy TO yinling_app;
GRANT UPDATE (licensed, nursing, document) ON bed_licence TO yinling_app;
GRANT SELECT ON board_version TO yinling_app;

CREATE TRIGGER not_of_a_merged BEFORE INSERT ON stay FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- A board is drawn again only when something of its facility has changed. One line a facility and
-- statement, whoever changed it and however many rows.
CREATE FUNCTION count_up_boards() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO board_version (site_id, version)
    SELECT DISTINCT c.site_id, 1 FROM changed c ORDER BY c.site_id
    ON CONFLICT (site_id) DO UPDATE SET version = board_version.version + 1;
    RETURN NULL;
END $$;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['bed', 'bed_occupancy', 'stay', 'bed_licence'] LOOP
        EXECUTE format('CREATE TRIGGER board_after_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION count_up_boards()', v_table);
        EXECUTE format('CREATE TRIGGER board_after_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION count_up_boards()', v_table);
    END LOOP;
END $$;

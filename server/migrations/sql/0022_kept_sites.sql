-- An overview looks at every record of a city: which sites the actor keeps is found once for a
-- statement and looked up by hash, instead of asking for each row where its site lies.
CREATE FUNCTION kept_sites() RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT unnest(seen_sites())
    UNION ALL
    SELECT s.id FROM site s WHERE lies_under(s.division_code, (SELECT seen_prefixes()))
$$;

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['stay', 'bed_occupancy'] LOOP
        EXECUTE format('DROP POLICY seen ON %I', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' resident_id = ANY ((SELECT seen_residents())::bigint[])'
                       ' OR (SELECT sees_all()) OR site_id IN (SELECT kept_sites()))'
                       ' WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()))', v_table);
    END LOOP;
END $$;

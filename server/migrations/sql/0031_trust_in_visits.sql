-- The straight way between two places in degrees, in metres; the same as providers.positions. What
-- is not known is as far as nothing: LEAST would leave a NULL aside, and make it half the earth.
CREATE FUNCTION metres_between(x1 float8, y1 float8, x2 float8, y2 float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    2 * 6371009 * asin(sqrt(power(sin(radians(y2 - y1) / 2), 2)
        + cos(radians(y1)) * cos(radians(y2)) * power(sin(radians(x2 - x1) / 2), 2)));

-- What stands in a home is known to whoever knows the bed: row security asks the bed's own.
ALTER TABLE care_device ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_device USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM home_bed b WHERE b.id = home_bed_id));
ALTER TABLE device_day ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON device_day USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM care_device d WHERE d.id = device_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON care_device FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- A device is not made another, nor moved to another bed: it is taken away and put up anew.
GRANT SELECT, INSERT ON care_device, device_day TO yinling_app;
GRANT UPDATE (photo_file_id, removed_on) ON care_device TO yinling_app;

-- What a month came to is known to the provider and to offices over its place; what one bed was served
-- also to the person and whoever acts for them. It is frozen: nobody changes it or takes it out.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['home_month', 'home_month_worker'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' (SELECT sees_all()) OR site_id IN (SELECT kept_sites()))', v_table);
    END LOOP;
END $$;
ALTER TABLE home_month_bed ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_month_bed USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
) WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_month
    FOR EACH ROW EXECUTE FUNCTION write_trail('site_id,month');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_month_bed
    FOR EACH ROW EXECUTE FUNCTION write_trail('site_id,month,home_bed_id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_month_worker
    FOR EACH ROW EXECUTE FUNCTION write_trail('site_id,month,worker_id');
GRANT SELECT, INSERT ON home_month, home_month_bed, home_month_worker TO yinling_app;

-- While a month is closed nobody is half-way through noting a visit: whoever is ends first, whoever
-- comes waits, and then sees that it is closed. The application's own role may not lock a table.
CREATE FUNCTION hold_visits_still() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    LOCK TABLE care_visit, visit_proof, visit_correction IN SHARE ROW EXCLUSIVE MODE;
END $$;

-- A gateway knows serial numbers and nothing of homes: the key it holds hears devices of its own providers
-- alone, by this one statement. Of a day only what is later than its last beat counts, so that a batch
-- may come again. Answers the serials that are the key's.
CREATE FUNCTION hear_devices(p_serials text[], p_ats timestamptz[], p_oldest timestamptz, p_newest timestamptz)
RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH sent AS MATERIALIZED (
        SELECT d.id, d.serial, s.at
          FROM unnest(p_serials, p_ats) AS s(serial, at)
          JOIN care_device d ON d.serial = s.serial AND d.removed_on IS NULL
          JOIN home_bed b ON b.id = d.home_bed_id
          JOIN api_key_site k ON k.site_id = b.site_id AND k.api_key_id = (SELECT seen_key())
    ), days AS (
        SELECT id, (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
               count(DISTINCT at)::int AS beats, min(at) AS first_at, max(at) AS last_at
          FROM sent WHERE at BETWEEN p_oldest AND p_newest GROUP BY 1, 2
    ), heard AS (
        INSERT INTO device_day AS h (device_id, day, beats, first_at, last_at)
        SELECT id, day, beats, first_at, last_at FROM days ORDER BY id, day
            ON CONFLICT (device_id, day) DO UPDATE
           SET beats = h.beats + excluded.beats, last_at = excluded.last_at
         WHERE excluded.first_at > h.last_at
    )
    SELECT serial FROM sent
$$;

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
GRANT UPDATE (beats, first_at, last_at) ON device_day TO yinling_app;

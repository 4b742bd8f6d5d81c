-- A call for help is known to the person, to whoever acts for them, to the provider, and to offices over
-- the provider's place or over the village; what belongs to it, and whom to call, to whoever knows of it.
ALTER TABLE home_alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_alarm USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
) WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));
ALTER TABLE alarm_signal ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON alarm_signal USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM home_alarm a WHERE a.id = alarm_id));
ALTER TABLE alarm_step ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON alarm_step USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM home_alarm a WHERE a.id = alarm_id));
ALTER TABLE home_callee ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_callee USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM home_bed b WHERE b.id = home_bed_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_alarm FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON alarm_signal FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON alarm_step FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_callee FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_alarm FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- Signals and steps are written once. Whose an alarm is, and when it was raised, never changes.
GRANT SELECT, INSERT ON home_alarm, alarm_signal, alarm_step TO yinling_app;
GRANT UPDATE (state, signals, last_signal_at, calls, next_at, acknowledged_at, acknowledged_by, closed_at,
              outcome, note) ON home_alarm TO yinling_app;
GRANT SELECT, INSERT, DELETE ON home_callee TO yinling_app;

-- An alarm goes forward alone, whoever writes it: nobody opens again what was closed, or takes it from
-- whoever has it in hand.
CREATE FUNCTION alarm_goes_forward() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    v_way CONSTANT text[] := ARRAY['raised', 'called', 'acknowledged', 'closed'];
BEGIN
    IF array_position(v_way, NEW.state::text) < array_position(v_way, OLD.state::text)
       OR OLD.acknowledged_by IS NOT NULL AND NEW.acknowledged_by IS DISTINCT FROM OLD.acknowledged_by
       OR OLD.state = 'closed' THEN
        RAISE EXCEPTION 'an alarm goes forward alone'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_home_alarm_goes_forward';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goes_forward BEFORE UPDATE OF state, acknowledged_by, outcome, closed_at ON home_alarm
    FOR EACH ROW EXECUTE FUNCTION alarm_goes_forward();

-- Whom to call for a bed, in order: as the provider wrote it down, or else three contacts, the provider's
-- own people, the worker of the village, and last 120 in words. For the bed's keepers alone: contacts are
-- otherwise not a provider's to read.
CREATE FUNCTION alarm_callees(p_bed bigint, p_day date)
RETURNS TABLE (place int, kind text, name text, phone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH bed AS (
        SELECT b.id, b.resident_id, b.site_id FROM home_bed b
         WHERE b.id = p_bed AND ((SELECT sees_all()) OR b.site_id IN (SELECT kept_sites()))
    ), own AS (
        SELECT c.place, c.kind::text, c.name::text, c.phone::text
          FROM bed JOIN home_callee c ON c.home_bed_id = bed.id
    ), known AS (
        (SELECT 1 AS part, row_number() OVER (ORDER BY c.is_emergency DESC, c.call_order, c.id) AS number,
                'contact' AS kind, c.name::text AS name, c.phone::text AS phone
           FROM bed JOIN resident_contact c ON c.resident_id = bed.resident_id
          ORDER BY 2 LIMIT 3)
        UNION ALL
        SELECT 2, 1, 'duty', s.name, coalesce(o.phone, s.phone)
          FROM bed JOIN site s ON s.id = bed.site_id
          LEFT JOIN LATERAL (
              SELECT t.phone FROM staff_role r
                JOIN staff t ON t.id = r.staff_id AND t.disabled_at IS NULL AND t.phone IS NOT NULL
               WHERE r.site_id = s.id AND r.role = 'home_care_provider' AND r.starts_on <= p_day
                 AND (r.ends_on IS NULL OR r.ends_on > p_day)
               ORDER BY t.id LIMIT 1) o ON true
         WHERE coalesce(o.phone, s.phone, '') <> ''
        UNION ALL
        (SELECT 3, 1, 'community', t.display_name, t.phone
           FROM bed JOIN resident p ON p.id = bed.resident_id
           JOIN staff_role r ON r.role = 'community_worker' AND p.village_code LIKE r.division_code || '%'
            AND r.starts_on <= p_day AND (r.ends_on IS NULL OR r.ends_on > p_day)
           JOIN staff t ON t.id = r.staff_id AND t.disabled_at IS NULL AND t.phone IS NOT NULL
          ORDER BY length(r.division_code) DESC, t.id LIMIT 1)
        UNION ALL
        SELECT 4, 1, 'emergency', '', '' FROM bed
    )
    SELECT * FROM own
     UNION ALL
    SELECT (row_number() OVER (ORDER BY part, number))::int, kind, name, phone FROM known
     WHERE NOT EXISTS (SELECT 1 FROM own)
     ORDER BY 1
$$;


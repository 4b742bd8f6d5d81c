-- How many caregivers a facility has on duty is known to it and to offices over its place.
ALTER TABLE staffing_week ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON staffing_week USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()))
    WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staffing_week FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Which facility and week a line is of never changes; its counts are corrected.
GRANT SELECT, INSERT ON staffing_week TO yinling_app;
GRANT UPDATE (morning, afternoon, night, is_unchanged, filed_at, filed_by) ON staffing_week TO yinling_app;

-- How many people sleep in facilities the actor keeps, by the level in force. Counts alone: an office
-- over a home counts people from other counties too, whose levels it may not read one by one.
CREATE FUNCTION people_by_level(p_day date, p_sites bigint[])
RETURNS TABLE (site_id bigint, level text, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT o.site_id, a.final_level::text, count(*)
      FROM bed_occupancy o
      LEFT JOIN assessment a ON a.resident_id = o.resident_id AND a.status = 'confirmed'
           AND a.starts_on <= p_day AND a.ends_on > p_day
     WHERE o.site_id = ANY (p_sites) AND o.superseded_at IS NULL AND o.state = 'occupied'
       AND o.kind NOT IN ('home_care', 'home_sickbed')
       AND o.starts_on <= p_day AND (o.ends_on IS NULL OR o.ends_on > p_day)
       AND ((SELECT sees_all()) OR o.site_id IN (SELECT kept_sites()))
     GROUP BY o.site_id, a.final_level
$$;

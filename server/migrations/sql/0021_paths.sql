-- A referral is known to the person, to whoever acts for them, to both facilities, and to offices over
-- either facility or over the village; and written by facilities and offices.
ALTER TABLE referral ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON referral USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_kept_here(to_site_id)
    OR is_kept_here(from_site_id)
    OR is_in_reach(resident_id)
) WITH CHECK (
    (SELECT sees_all()) OR is_kept_here(to_site_id) OR is_kept_here(from_site_id) OR is_in_reach(resident_id)
);
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON referral FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Whom it is about, from where and to where never changes.
GRANT SELECT, INSERT ON referral TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by, decline_reason, held_stay_id, handover_note, handed_over_on)
    ON referral TO yinling_app;

-- Who waits is known to the person, to whoever acts for them, and to the facility and its offices.
ALTER TABLE waiting_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON waiting_entry USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[]) OR (SELECT sees_all()) OR is_kept_here(site_id)
);
ALTER TABLE bed_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON bed_offer USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[]) OR (SELECT sees_all()) OR is_kept_here(site_id)
);
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON waiting_entry FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON bed_offer FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- The place in the order is given once, by the facts of that day.
GRANT SELECT, INSERT ON waiting_entry, bed_offer TO yinling_app;
GRANT UPDATE (state, paused_until, ended_at, end_reason) ON waiting_entry TO yinling_app;
GRANT UPDATE (state, answered_at, stay_id) ON bed_offer TO yinling_app;

-- Where somebody stands in a list of which they may see only their own line: a count, and how many of
-- those before them are there by a better ground than the day of the application.
CREATE FUNCTION place_in_queue(p_entry bigint) RETURNS TABLE (place bigint, ahead_by_ground bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(o.id) + 1, count(o.id) FILTER (WHERE o.priority < w.priority)
      FROM waiting_entry w
      LEFT JOIN waiting_entry o
        ON o.site_id = w.site_id AND o.kind = w.kind AND o.state IN ('waiting', 'offered')
       AND (o.priority, o.since, o.id) < (w.priority, w.since, w.id)
     WHERE w.id = p_entry AND w.state IN ('waiting', 'offered')
       AND (sees_all() OR w.resident_id = ANY (seen_residents()) OR is_kept_here(w.site_id))
     GROUP BY w.id
$$;

-- How many beds are free, for everybody: numbers alone. A bed that is offered is not free. Of these
-- facilities, or of all where `p_sites` is null.
CREATE FUNCTION free_beds(p_on date, p_sites bigint[])
RETURNS TABLE (site_id bigint, kind text, beds bigint, free bigint, free_nursing bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT b.site_id, b.kind, count(*), count(*) FILTER (WHERE t.bed_id IS NULL),
           count(*) FILTER (WHERE b.is_nursing AND t.bed_id IS NULL)
      FROM bed b
      LEFT JOIN (SELECT o.bed_id FROM bed_occupancy o
                  WHERE (p_sites IS NULL OR o.site_id = ANY (p_sites)) AND o.superseded_at IS NULL
                    AND o.starts_on <= p_on AND (o.ends_on IS NULL OR o.ends_on > p_on)
                 UNION
                 SELECT f.bed_id FROM bed_offer f
                  WHERE (p_sites IS NULL OR f.site_id = ANY (p_sites)) AND f.state = 'open') t
        ON t.bed_id = b.id
     WHERE (p_sites IS NULL OR b.site_id = ANY (p_sites)) AND b.opened_on <= p_on
     GROUP BY b.site_id, b.kind
$$;

-- Who wants to see a home is known to the person, to whoever acts for them, and to the home and its
-- offices.
ALTER TABLE viewing ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON viewing USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[]) OR (SELECT sees_all()) OR is_kept_here(site_id)
);
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON viewing FOR EACH ROW EXECUTE FUNCTION write_trail('id');
GRANT SELECT, INSERT ON viewing TO yinling_app;
GRANT UPDATE (state, answered_at, answer) ON viewing TO yinling_app;

-- Nothing begins for a number that was made one with another.
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON referral FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON waiting_entry FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON viewing FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON bed_offer FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

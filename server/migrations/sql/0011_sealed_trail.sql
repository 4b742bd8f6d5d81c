-- The chain belongs to the sealer: it alone adds links and anchors, and nobody changes them.
GRANT SELECT, INSERT ON trail_seal, trail_anchor TO yinling_sealer;
-- Positions and digests tell nothing of anybody; the console shows how far the trail is sealed.
GRANT SELECT ON trail_seal, trail_anchor TO yinling_app;

-- Lines of the trail hold what people were before. Beneath the console's own permission only the
-- platform and an auditor of the whole city (an office over its four digits, which counts in this
-- context) read them.
CREATE FUNCTION sees_trail() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT sees_all() OR EXISTS (
        SELECT 1 FROM staff_role r
         WHERE r.staff_id = seen_staff() AND r.role = 'auditor'
           AND length(r.division_code) = 4 AND r.division_code = ANY (seen_prefixes())
           AND r.starts_on <= seen_today() AND (r.ends_on IS NULL OR r.ends_on > seen_today()))
$$;
ALTER TABLE trail_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON trail_entry FOR SELECT TO yinling_app USING ((SELECT sees_trail()));
CREATE POLICY sealed ON trail_entry FOR SELECT TO yinling_sealer USING (true);
GRANT SELECT ON trail_entry TO yinling_app;

-- How far the trail is sealed, and since when the first line behind that waits. It counts no
-- further than a figure is worth.
CREATE FUNCTION trail_state(
    OUT sealed_position bigint, OUT sealed_digest bytea, OUT anchored_position bigint, OUT anchored_at timestamptz,
    OUT waiting bigint, OUT waiting_since timestamptz
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_variable
DECLARE
    v_number xid8 := '0';
    v_entry bigint := 0;
BEGIN
    SELECT s.position, s.digest, e.transaction_number, e.id
      INTO sealed_position, sealed_digest, v_number, v_entry
      FROM trail_seal s JOIN trail_entry e ON e.id = s.entry_id
     ORDER BY s.position DESC LIMIT 1;
    SELECT a.position, a.at INTO anchored_position, anchored_at
      FROM trail_anchor a ORDER BY a.position DESC LIMIT 1;

    SELECT a.at INTO waiting_since
      FROM trail_entry e JOIN act a ON a.id = e.act_id
     WHERE (e.transaction_number, e.id) > (coalesce(v_number, '0'), coalesce(v_entry, 0))
     ORDER BY e.transaction_number, e.id LIMIT 1;
    SELECT count(*) INTO waiting
      FROM (SELECT 1 FROM trail_entry e
             WHERE (e.transaction_number, e.id) > (coalesce(v_number, '0'), coalesce(v_entry, 0))
             LIMIT 100000) AS w;
    sealed_position := coalesce(sealed_position, 0);
END $$;

-- A home was paid for twice: a bed built beside a renovation, an old-for-new deal, or another of the same house.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'why', w.why, 'renovation', w.id) AS evidence
FROM due d
JOIN LATERAL (
    SELECT 'renovated' AS why, x.id FROM renovation x
     WHERE d.source = 'home_bed_builds' AND NOT coalesce((d.facts ->> 'is_after_renovation')::boolean, false)
       AND x.resident_id = d.resident_id AND x.grant_fen > 0 AND x.settled_on <= d.on_day
    UNION ALL
    SELECT 'trade_in', x.id FROM renovation x
     WHERE d.source = 'renovations' AND x.resident_id = d.resident_id AND x.has_trade_in AND x.grant_fen > 0
    UNION ALL
    SELECT 'same_house', y.id FROM renovation x
      JOIN renovation y ON y.home_key = x.home_key AND y.id <> x.id AND y.grant_fen > 0
       AND y.settled_on IS NOT NULL
     WHERE d.source = 'renovations' AND x.resident_id = d.resident_id AND x.grant_fen > 0
       AND x.settled_on IS NOT NULL AND (y.settled_on, y.id) < (x.settled_on, x.id)
     LIMIT 1) w ON true
 ORDER BY d.run_id, d.number

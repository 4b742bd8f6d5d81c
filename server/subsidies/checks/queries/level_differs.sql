-- The level it was reckoned with is not that of the assessment in force on the day.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'claimed', d.facts ->> 'ability_level', 'known', a.final_level, 'assessment', a.id) AS evidence
 FROM due d
 JOIN assessment a ON a.resident_id = d.resident_id AND a.status = 'confirmed' AND a.starts_on <= d.on_day
  AND (a.ends_on IS NULL OR a.ends_on > d.on_day)
WHERE d.asks_level AND d.facts ->> 'ability_level' <> a.final_level
 ORDER BY d.run_id, d.number

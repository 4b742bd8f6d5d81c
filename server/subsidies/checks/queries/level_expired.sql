-- It was reckoned with a level although no assessment was in force on the day.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'claimed', d.facts ->> 'ability_level', 'day', d.on_day) AS evidence
 FROM due d
WHERE d.asks_level AND d.facts ->> 'ability_level' IN ('mild', 'moderate', 'severe', 'total')
  AND NOT EXISTS (
      SELECT 1 FROM assessment a
       WHERE a.resident_id = d.resident_id AND a.status = 'confirmed' AND a.starts_on <= d.on_day
         AND (a.ends_on IS NULL OR a.ends_on > d.on_day))
 ORDER BY d.run_id, d.number

-- The level became worse by several steps just before the months that are paid for.
, step(level, n) AS (VALUES ('intact', 0), ('mild', 1), ('moderate', 2), ('severe', 3), ('total', 4))
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'known', a.final_level, 'before', p.final_level, 'day', a.starts_on, 'assessment', a.id) AS evidence
 FROM due d
 JOIN assessment a ON a.resident_id = d.resident_id AND a.status = 'confirmed' AND a.starts_on <= d.on_day
  AND (a.ends_on IS NULL OR a.ends_on > d.on_day) AND a.starts_on >= d.month - CAST(:rose_days AS integer)
 JOIN LATERAL (
     SELECT p.id, p.final_level FROM assessment p
      WHERE p.resident_id = a.resident_id AND p.status = 'confirmed' AND p.starts_on < a.starts_on
      ORDER BY p.starts_on DESC LIMIT 1) p ON true
 JOIN step s ON s.level = a.final_level
 JOIN step t ON t.level = p.final_level
WHERE d.asks_level AND s.n - t.n >= :rose_steps
 ORDER BY d.run_id, d.number

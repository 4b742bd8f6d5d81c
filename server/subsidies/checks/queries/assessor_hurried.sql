-- One assessor did more assessments in a day than can be done with care; lines rest on them.
, hurried AS (
    SELECT assessor_id, assessed_on, count(*) AS number FROM assessment WHERE status = 'confirmed'
     GROUP BY assessor_id, assessed_on HAVING count(*) > :assessor_a_day
)
SELECT 'assessor:' || d.run_id || ':' || a.assessor_id || ':' || a.assessed_on AS subject, NULL::bigint AS resident_id, min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen),
           'day', a.assessed_on, 'staff_id', a.assessor_id, 'number', min(h.number)) AS evidence
 FROM due d
 JOIN assessment a ON a.resident_id = d.resident_id AND a.status = 'confirmed' AND a.starts_on <= d.on_day
  AND (a.ends_on IS NULL OR a.ends_on > d.on_day)
 JOIN hurried h ON h.assessor_id = a.assessor_id AND h.assessed_on = a.assessed_on
WHERE d.asks_level
 GROUP BY d.run_id, a.assessor_id, a.assessed_on
 ORDER BY d.run_id, a.assessor_id, a.assessed_on

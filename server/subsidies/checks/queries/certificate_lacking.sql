-- No certificate of the level that was claimed was in force on the day.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', d.caregiver_id, 'level', (d.facts ->> 'skill_level')::int, 'why', coalesce(c.standing, 'none')) AS evidence
 FROM due d
 LEFT JOIN LATERAL (
     SELECT CASE WHEN c.annulled_on <= d.on_day THEN 'annulled' WHEN c.issued_on > d.on_day THEN 'later'
                 WHEN c.valid_until < d.on_day THEN 'expired' ELSE 'in_force' END AS standing
       FROM skill_certificate c
      WHERE c.caregiver_id = d.caregiver_id AND c.level = (d.facts ->> 'skill_level')::int
      ORDER BY CASE WHEN c.annulled_on <= d.on_day OR c.issued_on > d.on_day OR c.valid_until < d.on_day
                    THEN 1 ELSE 0 END, c.id LIMIT 1) c ON true
WHERE d.source IN ('post_months', 'training_passed') AND (d.facts ->> 'skill_level')::int BETWEEN 1 AND 5
  AND c.standing IS DISTINCT FROM 'in_force'
 ORDER BY d.run_id, d.number

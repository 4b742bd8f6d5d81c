-- A caregiver had full-time posts with two employers on the day.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', d.caregiver_id, 'number', t.number_of, 'day', d.on_day) AS evidence
FROM due d
JOIN (SELECT x.run_id, x.number, count(DISTINCT e.site_id) AS number_of
        FROM due x JOIN employment e ON e.caregiver_id = x.caregiver_id AND e.is_full_time
         AND e.starts_on <= x.on_day AND (e.ends_on IS NULL OR e.ends_on > x.on_day)
       WHERE x.source = 'post_months' GROUP BY x.run_id, x.number) t
  ON t.run_id = d.run_id AND t.number = d.number AND t.number_of > 1
 ORDER BY d.run_id, d.number

-- More days at work were claimed than the attendance of the month has.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', d.caregiver_id, 'claimed', (d.facts ->> 'attendance_days')::int, 'known', coalesce(t.days, 0)) AS evidence
 FROM due d
 LEFT JOIN (SELECT caregiver_id, month, sum(days) AS days FROM attendance_month GROUP BY caregiver_id, month) t
   ON t.caregiver_id = d.caregiver_id AND t.month = d.month
WHERE d.source = 'post_months' AND (d.facts ->> 'attendance_days')::int > coalesce(t.days, 0)
 ORDER BY d.run_id, d.number

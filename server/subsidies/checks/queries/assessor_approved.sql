-- Whoever approved a run had assessed the elders, or confirmed the assessments, that it pays by.
SELECT 'approver:' || d.run_id || ':' || r.approved_by AS subject, NULL::bigint AS resident_id, min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen),
           'staff_id', r.approved_by, 'number', count(*)) AS evidence
 FROM due d
 JOIN subsidy_run r ON r.id = d.run_id AND r.approved_by IS NOT NULL
 JOIN assessment a ON a.resident_id = d.resident_id AND a.status = 'confirmed' AND a.starts_on <= d.on_day
  AND (a.ends_on IS NULL OR a.ends_on > d.on_day) AND r.approved_by IN (a.assessor_id, a.reviewed_by)
WHERE d.asks_level
 GROUP BY d.run_id, r.approved_by
 ORDER BY d.run_id, r.approved_by

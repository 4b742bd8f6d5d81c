-- No contract with social insurance by the employer was in force on the day.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', d.caregiver_id, 'day', d.on_day) AS evidence
 FROM due d
WHERE d.source = 'post_months'
  AND NOT EXISTS (
      SELECT 1 FROM employment e JOIN employment_contract c ON c.employment_id = e.id
       WHERE e.caregiver_id = d.caregiver_id AND c.insurance_payer IN ('employer', 'dispatcher')
         AND c.starts_on <= d.on_day AND (c.ends_on IS NULL OR c.ends_on > d.on_day)
         AND e.starts_on <= d.on_day AND (e.ends_on IS NULL OR e.ends_on > d.on_day))
 ORDER BY d.run_id, d.number

-- Days at work, the month as it was filed, certificates, contracts and breaches.
SELECT 'attendance_day' AS kind, d.site_id AS key, d.caregiver_id AS place, d.day AS on_day,
       jsonb_build_object('arrived_at', d.arrived_at, 'left_at', d.left_at) AS told
  FROM attendance_day d WHERE d.caregiver_id = :caregiver AND d.day >= :month AND d.day < :until
UNION ALL
SELECT 'attendance_month', m.site_id, m.caregiver_id, m.month,
       jsonb_build_object('days', m.days, 'source', m.source)
  FROM attendance_month m WHERE m.caregiver_id = :caregiver AND m.month = :month
UNION ALL
SELECT 'skill_certificate', c.id, c.caregiver_id, c.issued_on,
       jsonb_build_object('level', c.level, 'number', c.number, 'until', c.valid_until)
  FROM skill_certificate c WHERE c.caregiver_id = :caregiver AND c.issued_on < :until
UNION ALL
SELECT 'employment_contract', k.id, e.caregiver_id, k.starts_on,
       jsonb_build_object('number', k.number, 'until', k.ends_on)
  FROM employment_contract k JOIN employment e ON e.id = k.employment_id
 WHERE e.caregiver_id = :caregiver AND k.starts_on < :until
UNION ALL
SELECT 'caregiver_breach', b.id, b.caregiver_id, b.happened_on, jsonb_build_object('document', b.document)
  FROM caregiver_breach b WHERE b.caregiver_id = :caregiver AND b.happened_on < :until
   AND (b.cleared_on IS NULL OR b.cleared_on > :month)

-- The device told no place, neither at the arrival nor at the leaving: a position that is switched off.
SELECT 'visit:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on) AS evidence
  FROM proved
 WHERE service_on BETWEEN :since AND :until AND left_at IS NOT NULL
   AND arrived_x IS NULL AND left_x IS NULL
 ORDER BY visit_id

-- A visit to somebody on a later day than that of the death or the move.
SELECT 'visit:' || p.visit_id AS subject, p.resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(p.visit_id), 'site_id', p.site_id, 'worker_id', p.worker_id,
           'day', p.service_on, 'departure', min(d.kind), 'happened_on', min(d.happened_on)) AS evidence
  FROM proved p
  JOIN departure d ON d.resident_id = p.resident_id AND d.reversed_at IS NULL
   AND d.happened_on < p.service_on
 WHERE p.service_on BETWEEN :since AND :until
 GROUP BY p.visit_id, p.resident_id, p.site_id, p.worker_id, p.service_on
 ORDER BY p.visit_id

-- A visit at home while the person lived in a care home or a hospice. The days of moving do not count.
SELECT 'visit:' || p.visit_id AS subject, p.resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(p.visit_id), 'site_id', p.site_id, 'worker_id', p.worker_id,
           'day', p.service_on, 'since', min(o.starts_on), 'bed_site_id', min(o.site_id)) AS evidence
  FROM proved p
  JOIN bed_occupancy o ON o.resident_id = p.resident_id AND o.superseded_at IS NULL
   AND o.state = 'occupied' AND o.kind IN ('institution', 'hospice')
   AND o.starts_on < p.service_on AND (o.ends_on IS NULL OR o.ends_on > p.service_on)
 WHERE p.service_on BETWEEN :since AND :until
 GROUP BY p.visit_id, p.resident_id, p.site_id, p.worker_id, p.service_on
 ORDER BY p.visit_id

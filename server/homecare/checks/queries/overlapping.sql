-- One worker says to have been at two visits at once, for longer than two clocks may differ.
SELECT 'visits:' || a.visit_id || ':' || b.visit_id AS subject, b.resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(a.visit_id, b.visit_id), 'site_id', b.site_id,
           'worker_id', b.worker_id, 'day', b.service_on,
           'minutes', round(extract(epoch FROM least(a.left_at, b.left_at) - b.arrived_at) / 60)) AS evidence
  FROM proved a
  JOIN proved b ON b.worker_id = a.worker_id AND b.visit_id <> a.visit_id
   AND (b.arrived_at, b.visit_id) > (a.arrived_at, a.visit_id)
   AND least(a.left_at, b.left_at) - b.arrived_at > make_interval(mins => :overlap_minutes)
 WHERE b.service_on BETWEEN :since AND :until AND a.left_at IS NOT NULL AND b.left_at IS NOT NULL
   AND a.service_on BETWEEN b.service_on - 1 AND b.service_on + 1
 ORDER BY b.visit_id, a.visit_id

-- What the device wrote down without a network reached the platform after more than so many hours.
SELECT 'late:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on,
           'hours', floor(extract(epoch FROM greatest(arrived_recorded_at - arrived_at,
                                                      left_recorded_at - left_at)) / 3600)) AS evidence
  FROM proved
 WHERE service_on BETWEEN :since AND :until
   AND greatest(arrived_recorded_at - arrived_at, left_recorded_at - left_at)
       > make_interval(hours => :send_hours)
 ORDER BY visit_id

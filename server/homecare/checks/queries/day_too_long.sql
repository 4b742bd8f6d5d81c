-- More hours of visits than somebody can work in a day.
SELECT 'day:' || worker_id || ':' || service_on AS subject, NULL::bigint AS resident_id,
       min(site_id) AS site_id,
       jsonb_build_object(
           'visits', jsonb_agg(visit_id ORDER BY arrived_at, visit_id), 'worker_id', worker_id,
           'day', service_on, 'made', floor(sum(made))) AS evidence
  FROM proved
 WHERE service_on BETWEEN :since AND :until
 GROUP BY worker_id, service_on
HAVING sum(made) > :day_hours * 60
 ORDER BY service_on, worker_id

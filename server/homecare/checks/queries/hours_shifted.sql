-- Once somebody's proved hours of a month reached the cap, homes that this worker alone had visited
-- until then turn up, several times, in the name of one colleague.
, month_of_all AS (
    SELECT *, date_trunc('month', service_on)::date AS month,
           sum(made) OVER (PARTITION BY worker_id, date_trunc('month', service_on)
                           ORDER BY arrived_at, visit_id) AS so_far
      FROM proved
     WHERE service_on BETWEEN date_trunc('month', CAST(:since AS date))::date AND :until
       AND left_at IS NOT NULL
), full_at AS (
    SELECT worker_id, month, min(left_at) AS at
      FROM month_of_all WHERE so_far >= :month_hours * 60 GROUP BY worker_id, month
), own_home AS (
    SELECT f.worker_id, f.month, f.at, m.resident_id
      FROM full_at f JOIN month_of_all m ON m.month = f.month AND m.arrived_at < f.at
     GROUP BY f.worker_id, f.month, f.at, m.resident_id
    HAVING bool_and(m.worker_id = f.worker_id)
)
SELECT 'shift:' || o.worker_id || ':' || m.worker_id || ':' || to_char(o.month, 'YYYY-MM') AS subject,
       NULL::bigint AS resident_id, min(m.site_id) AS site_id,
       jsonb_build_object(
           'visits', jsonb_agg(m.visit_id ORDER BY m.arrived_at, m.visit_id),
           'worker_id', o.worker_id, 'colleague_id', m.worker_id, 'day', min(m.service_on),
           'number', count(*)) AS evidence
  FROM own_home o
  JOIN month_of_all m ON m.resident_id = o.resident_id AND m.month = o.month
   AND m.arrived_at >= o.at AND m.worker_id <> o.worker_id
 GROUP BY o.worker_id, m.worker_id, o.month
HAVING count(*) >= :shifted_visits AND max(m.service_on) >= :since
 ORDER BY 1

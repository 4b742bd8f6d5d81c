-- The arrival or the leaving was farther from the home than the fence, inaccuracy forgiven up to a limit.
, measured AS (
    SELECT visit_id, resident_id, site_id, worker_id, service_on,
           metres_between(home_x, home_y, arrived_x, arrived_y)
               - least(coalesce(arrived_accuracy_m, 0), :accuracy_metres) AS arriving,
           metres_between(home_x, home_y, left_x, left_y)
               - least(coalesce(left_accuracy_m, 0), :accuracy_metres) AS leaving
      FROM proved
     WHERE service_on BETWEEN :since AND :until AND home_x IS NOT NULL
)
SELECT 'visit:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on, 'metres', round(greatest(arriving, leaving))) AS evidence
  FROM measured
 WHERE greatest(arriving, leaving) > :fence_metres
 ORDER BY visit_id

-- From the door of one home to that of the next at more than so many kilometres an hour. What the
-- devices say of their own inaccuracy, up to a limit, speaks for the worker.
, following AS (
    SELECT visit_id, resident_id, site_id, worker_id, service_on, arrived_at, arrived_x, arrived_y,
           least(coalesce(arrived_accuracy_m, 0), :accuracy_metres) AS blur,
           lag(visit_id) OVER before AS from_visit, lag(left_at) OVER before AS from_at,
           lag(coalesce(left_x, arrived_x)) OVER before AS from_x,
           lag(coalesce(left_y, arrived_y)) OVER before AS from_y,
           least(lag(coalesce(left_accuracy_m, arrived_accuracy_m, 0)) OVER before, :accuracy_metres) AS from_blur
      FROM proved
     WHERE left_at IS NOT NULL AND service_on BETWEEN CAST(:since AS date) - 1 AND :until
    WINDOW before AS (PARTITION BY worker_id ORDER BY arrived_at, visit_id)
), travelled AS (
    SELECT *, metres_between(from_x, from_y, arrived_x, arrived_y)
              - blur - from_blur AS metres,
           greatest(extract(epoch FROM arrived_at - from_at), 1) AS seconds
      FROM following
     WHERE arrived_at >= from_at AND service_on >= :since
)
SELECT 'visits:' || from_visit || ':' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(from_visit, visit_id), 'site_id', site_id,
           'worker_id', worker_id, 'day', service_on, 'metres', round(metres),
           'minutes', round(seconds / 60), 'kmh', round(metres / seconds * 3.6)) AS evidence
  FROM travelled
 WHERE metres / seconds * 3.6 > :most_kmh
 ORDER BY visit_id

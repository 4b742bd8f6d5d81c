-- At one counter many meals in a row were handed out in one and the same rhythm.
, gap AS (
    SELECT *, extract(epoch FROM collected_at - lag(collected_at) OVER counter) AS seconds
      FROM eaten
    WINDOW counter AS (PARTITION BY sitting_id ORDER BY collected_at, booking_id)
), changed AS (
    SELECT *, coalesce(abs(seconds - lag(seconds) OVER counter), 1e9) > :burst_seconds AS is_new
      FROM gap
    WINDOW counter AS (PARTITION BY sitting_id ORDER BY collected_at, booking_id)
), run AS (
    SELECT *, count(*) FILTER (WHERE is_new) OVER (
               PARTITION BY sitting_id ORDER BY collected_at, booking_id) AS run_no
      FROM changed
)
SELECT 'burst:' || sitting_id || ':' || min(booking_id) AS subject, NULL::bigint AS resident_id, site_id,
       jsonb_build_object(
           'meals', jsonb_agg(booking_id ORDER BY collected_at, booking_id), 'canteen_id', site_id,
           'day', service_on, 'number', count(*), 'seconds', round(avg(seconds)),
           'amount_fen', sum(subsidy_fen)) AS evidence
  FROM run
 GROUP BY sitting_id, site_id, service_on, run_no
HAVING count(*) >= :burst_meals
 ORDER BY sitting_id, min(booking_id)

-- Most meals of a canteen's day were both booked and handed out by one and the same member of staff.
, done AS (
    SELECT e.booking_id, e.site_id, e.service_on, e.subsidy_fen, a.staff_id, t.body::jsonb ->> 'op' AS op
      FROM eaten e
      JOIN trail_entry t ON t.table_name = 'booking' AND t.row_key = e.booking_id::text
      JOIN act a ON a.id = t.act_id
     WHERE a.staff_id IS NOT NULL
       AND (t.body::jsonb ->> 'op' = 'INSERT' OR t.body::jsonb -> 'new' ->> 'status' = 'collected')
), by_one AS (
    SELECT booking_id, site_id, service_on, subsidy_fen, staff_id
      FROM done
     GROUP BY booking_id, site_id, service_on, subsidy_fen, staff_id
    HAVING bool_or(op = 'INSERT') AND bool_or(op = 'UPDATE')
), of_day AS (
    SELECT site_id, service_on, count(*) AS meals FROM eaten GROUP BY site_id, service_on
)
SELECT 'hand:' || o.site_id || ':' || o.service_on || ':' || o.staff_id AS subject, NULL::bigint AS resident_id,
       o.site_id,
       jsonb_build_object(
           'meals', jsonb_agg(o.booking_id ORDER BY o.booking_id), 'canteen_id', o.site_id,
           'day', o.service_on, 'number', count(*), 'of', d.meals, 'staff_id', o.staff_id,
           'amount_fen', sum(o.subsidy_fen)) AS evidence
  FROM by_one o JOIN of_day d USING (site_id, service_on)
 GROUP BY o.site_id, o.service_on, o.staff_id, d.meals
HAVING count(*) >= :one_hand_meals AND count(*) * 100 > d.meals * :one_hand_percent
 ORDER BY o.service_on, o.site_id

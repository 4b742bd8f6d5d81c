-- Most meals of a canteen's day were handed out by one hand with nothing of the eater's to show: keyed in by
-- phone tail, name or for a reason, or booked before by whoever handed them out.
, handed AS (
    SELECT e.booking_id, e.site_id, e.service_on, e.subsidy_fen, e.booked_by, c.staff_id, c.sign_in_id, c.is_offline,
           c.how IN ('phone', 'name', 'walk_in', 'staff') AS is_keyed
      FROM eaten e JOIN meal_collection c ON c.booking_id = e.booking_id AND c.undone_at IS NULL
     WHERE c.staff_id IS NOT NULL
), of_their_own AS (
    SELECT h.booking_id
      FROM handed h
      JOIN trail_entry t ON t.table_name = 'booking' AND t.row_key = h.booking_id::text
      JOIN act a ON a.id = t.act_id AND a.staff_id = h.staff_id
     WHERE NOT h.is_keyed AND h.booked_by IN ('staff', 'canteen', 'paper') AND t.body::jsonb ->> 'op' = 'INSERT'
), by_one AS (
    SELECT h.* FROM handed h
     WHERE h.is_keyed OR h.booking_id IN (SELECT booking_id FROM of_their_own)
), of_day AS (
    SELECT site_id, service_on, count(*) AS meals FROM eaten GROUP BY site_id, service_on
)
SELECT 'hand:' || o.site_id || ':' || o.service_on || ':' || o.staff_id AS subject, NULL::bigint AS resident_id,
       o.site_id,
       jsonb_build_object(
           'meals', jsonb_agg(o.booking_id ORDER BY o.booking_id), 'canteen_id', o.site_id,
           'day', o.service_on, 'number', count(*), 'of', d.meals, 'staff_id', o.staff_id,
           'keyed', count(*) FILTER (WHERE o.is_keyed), 'offline', count(*) FILTER (WHERE o.is_offline),
           'devices', count(DISTINCT o.sign_in_id), 'amount_fen', sum(o.subsidy_fen)) AS evidence
  FROM by_one o JOIN of_day d USING (site_id, service_on)
 GROUP BY o.site_id, o.service_on, o.staff_id, d.meals
HAVING count(*) >= :one_hand_meals AND count(*) * 100 > d.meals * :one_hand_percent
 ORDER BY o.service_on, o.site_id

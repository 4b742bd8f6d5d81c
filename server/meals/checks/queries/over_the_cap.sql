-- More meals of a day were subsidised than the city pays for.
SELECT 'day:' || resident_id || ':' || service_on AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_agg(booking_id ORDER BY collected_at, booking_id), 'canteen_id', min(site_id),
           'day', service_on, 'number', count(*), 'amount_fen', min(subsidy_fen)) AS evidence
  FROM eaten
 WHERE subsidy_fen > 0
 GROUP BY resident_id, service_on
HAVING count(*) > :subsidised_meals_a_day
 ORDER BY service_on, resident_id

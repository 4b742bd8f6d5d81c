-- More people ate at a sitting than its seats can take, one after another.
SELECT 'sitting:' || e.sitting_id AS subject, NULL::bigint AS resident_id, e.site_id,
       jsonb_build_object(
           'meals', jsonb_agg(e.booking_id ORDER BY e.booking_id), 'canteen_id', e.site_id,
           'day', e.service_on, 'number', count(*), 'seats', c.seats,
           'turns', greatest(1, floor(extract(epoch FROM s.serves_until - s.serves_from) / 60 / :turn_minutes)),
           'amount_fen', sum(e.subsidy_fen)) AS evidence
  FROM eaten e
  JOIN sitting s ON s.id = e.sitting_id
  JOIN canteen c ON c.site_id = e.site_id
 WHERE e.handing = 'at_canteen'
 GROUP BY e.sitting_id, e.site_id, e.service_on, c.seats, s.serves_from, s.serves_until
HAVING count(*) > c.seats
       * greatest(1, floor(extract(epoch FROM s.serves_until - s.serves_from) / 60 / :turn_minutes))
 ORDER BY e.sitting_id

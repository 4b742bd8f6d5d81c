-- A meal was handed out on a later day than that of the death or the move.
SELECT 'booking:' || e.booking_id AS subject, e.resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_build_array(e.booking_id), 'canteen_id', e.site_id, 'service_on', e.service_on,
           'day', e.service_on, 'departure', min(d.kind), 'happened_on', min(d.happened_on),
           'subsidy_fen', e.subsidy_fen) AS evidence
  FROM eaten e
  JOIN departure d ON d.resident_id = e.resident_id AND d.reversed_at IS NULL AND d.happened_on < e.service_on
 GROUP BY e.booking_id, e.resident_id, e.site_id, e.service_on, e.subsidy_fen
 ORDER BY e.booking_id

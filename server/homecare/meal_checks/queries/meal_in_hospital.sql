-- A meal handed out while its eater lay in hospital. The days of going and of coming back do not count.
SELECT 'booking:' || e.booking_id AS subject, e.resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_build_array(e.booking_id), 'canteen_id', e.site_id, 'day', e.service_on,
           'since', min(o.starts_on), 'bed_site_id', min(o.site_id), 'amount_fen', e.subsidy_fen) AS evidence
  FROM eaten e
  JOIN bed_occupancy o ON o.resident_id = e.resident_id AND o.superseded_at IS NULL
   AND (o.state = 'in_hospital' OR o.state = 'occupied' AND o.kind = 'medical')
   AND o.starts_on < e.service_on AND (o.ends_on IS NULL OR o.ends_on > e.service_on)
 GROUP BY e.booking_id, e.resident_id, e.site_id, e.service_on, e.subsidy_fen
 ORDER BY e.booking_id

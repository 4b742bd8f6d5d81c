-- Every visit of the month, with what proves it.
SELECT 'care_visit' AS kind, v.id AS key, v.id AS place, v.service_on AS on_day,
       jsonb_build_object(
           'state', v.state, 'minutes_ordered', v.minutes,
           'minutes', floor(extract(epoch FROM p.left_at - p.arrived_at) / 60)::int,
           'is_confirmed', p.confirmed_at IS NOT NULL, 'proof', p.id) AS told
  FROM care_visit v LEFT JOIN visit_proof p ON p.visit_id = v.id AND p.superseded_at IS NULL
 WHERE v.resident_id = :resident AND v.site_id = :site AND v.home_bed_id = :subject
   AND v.service_on >= :month AND v.service_on < :until AND v.state <> 'cancelled'

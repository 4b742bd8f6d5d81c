-- What took the resident's bed at the home in the month, day by day.
SELECT 'bed_occupancy' AS kind, o.id AS key, o.stay_id AS place, o.starts_on AS on_day,
       jsonb_build_object('state', o.state, 'until', o.ends_on, 'bed', b.label) AS told
  FROM bed_occupancy o JOIN bed b ON b.id = o.bed_id
 WHERE o.resident_id = :resident AND o.site_id = :site AND o.superseded_at IS NULL
   AND o.kind IN ('institution', 'hospice') AND o.state IN ('occupied', 'on_leave', 'in_hospital')
   AND o.starts_on < :until AND (o.ends_on IS NULL OR o.ends_on > :month)

-- None of a serving bed's connected devices was heard for so many days, as of the last day asked about.
, connected AS (
    SELECT d.home_bed_id, d.id, d.installed_on, max(h.day) AS heard_on
      FROM care_device d LEFT JOIN device_day h ON h.device_id = d.id AND h.day <= :until
     WHERE d.kind NOT IN ('anti_slip', 'toilet_rail', 'bath_chair', 'other') AND d.installed_on <= :until
       AND (d.removed_on IS NULL OR d.removed_on > :until)
     GROUP BY d.home_bed_id, d.id
)
SELECT 'silent:' || b.id || ':' || max(coalesce(c.heard_on, c.installed_on)) AS subject, b.resident_id,
       NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', '[]'::jsonb, 'home_bed_id', b.id, 'site_id', b.site_id, 'day', :until,
           'devices', count(*), 'heard_on', max(c.heard_on)) AS evidence
  FROM home_bed b JOIN connected c ON c.home_bed_id = b.id
 WHERE b.state = 'serving'
 GROUP BY b.id, b.resident_id, b.site_id
HAVING max(coalesce(c.heard_on, c.installed_on)) <= CAST(:until AS date) - CAST(:silent_days AS integer)
 ORDER BY b.id

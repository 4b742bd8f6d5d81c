-- A bed that was built and is said to serve, without a proved visit for so many days.
, last_visit AS (
    SELECT home_bed_id, max(service_on) AS on_day
      FROM proved WHERE service_on <= :until AND left_at IS NOT NULL GROUP BY home_bed_id
)
SELECT 'unserved:' || b.id || ':' || greatest(l.on_day, b.since) AS subject, b.resident_id,
       NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', '[]'::jsonb, 'home_bed_id', b.id, 'site_id', b.site_id, 'day', :until,
           'since', b.since, 'visited_on', l.on_day) AS evidence
  FROM home_bed b LEFT JOIN last_visit l ON l.home_bed_id = b.id
 WHERE b.state = 'serving'
   AND greatest(l.on_day, b.since) <= CAST(:until AS date) - CAST(:no_service_days AS integer)
 ORDER BY b.id

-- Meals were handed out on a day on which the canteen was not open, had closed the sitting, or had no
-- food licence although it had one before.
, doubtful AS (
    SELECT e.*, CASE
               WHEN s.closed_at IS NOT NULL AND s.closed_at < e.collected_at THEN 'sitting_closed'
               WHEN (SELECT o.state FROM site_opening o WHERE o.site_id = e.site_id AND o.starts_on <= e.service_on
                      ORDER BY o.starts_on DESC LIMIT 1) <> 'open' THEN 'not_open'
               WHEN EXISTS (SELECT 1 FROM site_paper p WHERE p.site_id = e.site_id AND p.kind = 'food'
                               AND p.ends_on <= e.service_on)
                AND NOT EXISTS (SELECT 1 FROM site_paper p WHERE p.site_id = e.site_id AND p.kind = 'food'
                                   AND p.starts_on <= e.service_on
                                   AND (p.ends_on IS NULL OR p.ends_on > e.service_on)) THEN 'no_licence'
           END AS why
      FROM eaten e JOIN sitting s ON s.id = e.sitting_id
)
SELECT 'open:' || site_id || ':' || service_on || ':' || why AS subject, NULL::bigint AS resident_id, site_id,
       jsonb_build_object(
           'meals', jsonb_agg(booking_id ORDER BY booking_id), 'canteen_id', site_id, 'day', service_on,
           'number', count(*), 'why', why, 'amount_fen', sum(subsidy_fen)) AS evidence
  FROM doubtful
 WHERE why IS NOT NULL
 GROUP BY site_id, service_on, why
 ORDER BY site_id, service_on, why

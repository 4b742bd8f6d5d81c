-- Care at home was paid for a month that the person spent in a care home.
, lain AS (
    SELECT d.run_id, d.number,
           sum(least(coalesce(o.ends_on, d.month_ends), d.month_ends) - greatest(o.starts_on, d.month)) AS days
      FROM due d
      JOIN bed_occupancy o ON o.resident_id = d.resident_id AND o.superseded_at IS NULL
       AND o.starts_on < d.month_ends AND (o.ends_on IS NULL OR o.ends_on > d.month)
       AND o.state = 'occupied' AND o.kind IN ('institution', 'hospice')
     GROUP BY d.run_id, d.number
)
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'days', k.days) AS evidence
 FROM due d JOIN lain k USING (run_id, number)
WHERE (d.source IN ('home_bed_months', 'bought_service')
       OR d.source = 'vouchers' AND d.facts ->> 'place' = 'home')
  AND k.days > d.month_ends - d.month - :apart_days
 ORDER BY d.run_id, d.number

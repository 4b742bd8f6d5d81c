-- Claimed for more minutes of care at home than the closed month counts.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'claimed', (d.facts ->> 'minutes')::int, 'known', coalesce(k.minutes, 0)) AS evidence
 FROM due d
 LEFT JOIN (SELECT b.site_id, b.month, b.resident_id, sum(b.minutes) AS minutes
              FROM home_month_bed b WHERE b.month IN (SELECT month FROM due)
             GROUP BY b.site_id, b.month, b.resident_id) k
   ON k.site_id = d.site_id AND k.month = d.month AND k.resident_id = d.resident_id
WHERE d.source = 'home_bed_months' AND (d.facts ->> 'minutes')::int > coalesce(k.minutes, 0) + :minutes_more
 ORDER BY d.run_id, d.number

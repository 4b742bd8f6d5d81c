-- More people were claimed to be there all month than the home filed, or than the records of beds know of.
SELECT 'heads:' || d.run_id || ':' || d.site_id || ':' || d.month AS subject, NULL::bigint AS resident_id, d.site_id AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen),
           'claimed', count(*), 'filed', min(h.filed), 'counted', min(h.counted)) AS evidence
 FROM due d
 JOIN (SELECT DISTINCT x.run_id, x.site_id, x.month,
              (SELECT t.occupied + t.on_leave FROM bed_return t
                WHERE t.site_id = x.site_id AND t.kind = 'institution' AND t.day BETWEEN x.month AND x.month_ends - 1
                ORDER BY t.day DESC LIMIT 1) AS filed,
              (SELECT count(*) FROM bed_occupancy o
                WHERE o.site_id = x.site_id AND o.kind = 'institution' AND o.superseded_at IS NULL
                  AND o.state IN ('occupied', 'on_leave', 'in_hospital') AND o.starts_on < x.month_ends
                  AND (o.ends_on IS NULL OR o.ends_on >= x.month_ends)) AS counted
         FROM (SELECT DISTINCT run_id, site_id, month, month_ends FROM due WHERE source = 'bed_months') x) h
   ON h.run_id = d.run_id AND h.site_id = d.site_id AND h.month = d.month
WHERE (d.facts ->> 'days_in_bed')::int = d.month_ends - d.month
 GROUP BY d.run_id, d.site_id, d.month
HAVING count(*) > least(min(h.filed), min(h.counted)) + :heads
 ORDER BY d.run_id, d.site_id, d.month

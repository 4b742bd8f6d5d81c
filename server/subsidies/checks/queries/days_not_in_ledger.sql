-- Claimed for more days in bed than the records of beds know of by now.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'claimed', (d.facts ->> 'days_in_bed')::int, 'known', coalesce(k.days, 0)) AS evidence
 FROM due d
 LEFT JOIN LATERAL (
     SELECT sum(least(coalesce(o.ends_on, d.month_ends), d.month_ends) - greatest(o.starts_on, d.month)) AS days
       FROM bed_occupancy o
      WHERE o.resident_id = d.resident_id AND o.superseded_at IS NULL AND o.kind IN ('institution', 'hospice')
        AND o.state IN ('occupied', 'on_leave', 'in_hospital')
        AND o.starts_on < d.month_ends AND (o.ends_on IS NULL OR o.ends_on > d.month)
 ) k ON true
WHERE d.source = 'bed_months' AND (d.facts ->> 'days_in_bed')::int > coalesce(k.days, 0) + :unseen_days
 ORDER BY d.run_id, d.number

-- A home's resident-days are more than what it filed, or than its usable beds, over the days of the month. A day
-- without a return counts with the latest before it; without any, every bed of the records counts.
, claimed AS (
    SELECT run_id, site_id, month, month_ends, min(programme) AS programme, sum(fen) AS fen,
           sum((facts ->> 'days_in_bed')::int) AS days,
           jsonb_agg(jsonb_build_array(run_id, number) ORDER BY number) AS lines
      FROM due WHERE source = 'bed_months' GROUP BY run_id, site_id, month, month_ends
), possible AS (
    SELECT c.run_id, c.site_id, c.month, sum(coalesce(
               (SELECT least(t.occupied + t.on_leave, t.usable) FROM bed_return t
                 WHERE t.site_id = c.site_id AND t.kind = 'institution' AND t.day <= g.day::date
                 ORDER BY t.day DESC LIMIT 1),
               (SELECT count(*) FROM bed b
                 WHERE b.site_id = c.site_id AND b.kind = 'institution' AND b.opened_on <= g.day::date))) AS days
      FROM claimed c CROSS JOIN generate_series(c.month, c.month_ends - 1, interval '1 day') AS g(day)
     GROUP BY c.run_id, c.site_id, c.month
)
SELECT 'month:' || c.run_id || ':' || c.site_id || ':' || c.month AS subject, NULL::bigint AS resident_id, c.site_id,
       jsonb_build_object(
           'lines', c.lines, 'programme', c.programme, 'month', c.month, 'site_id', c.site_id,
           'days', c.days, 'possible', p.days,
           'amount_fen', round(c.fen * (c.days - p.days) / c.days::numeric)) AS evidence
  FROM claimed c JOIN possible p USING (run_id, site_id, month)
 WHERE c.days * 100 > p.days * (100 + :over_percent)
 ORDER BY c.run_id, c.site_id, c.month

-- Subsidised meals were handed out without any payment of the eater's part, where others pay.
, paying AS MATERIALIZED (
    SELECT DISTINCT o.canteen_id, date_trunc('month', o.service_on)::date AS month
      FROM booking o
     WHERE o.paid_at IS NOT NULL
       AND o.service_on >= (SELECT min(month) FROM due) AND o.service_on < (SELECT max(month_ends) FROM due)
)
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'number', m.meals, 'meals', m.ids) AS evidence
 FROM due d
 JOIN (SELECT b.resident_id, b.canteen_id, date_trunc('month', b.service_on)::date AS month, count(*) AS meals,
              jsonb_agg(b.id ORDER BY b.id) AS ids
         FROM booking b
        WHERE b.status = 'collected' AND b.subsidy_fen > 0 AND b.own_pay_fen > 0 AND b.paid_at IS NULL
          AND b.service_on >= (SELECT min(month) FROM due) AND b.service_on < (SELECT max(month_ends) FROM due)
        GROUP BY 1, 2, 3 HAVING count(*) > :unpaid_meals) m
   ON m.resident_id = d.resident_id AND m.canteen_id = d.site_id AND m.month = d.month
 JOIN paying o ON o.canteen_id = d.site_id AND o.month = d.month
WHERE d.source = 'meals_eaten'
 ORDER BY d.run_id, d.number

-- What was approved and is not in a batch yet comes to more than its budget has left.
, unpaid AS (
    SELECT d.run_id, d.number, d.programme, d.month, d.site_id, d.fen,
           sum(d.fen) OVER (PARTITION BY d.run_id ORDER BY d.number) AS until_here
      FROM due d JOIN subsidy_run r ON r.id = d.run_id AND r.stage IN ('approved', 'in_notice', 'payable', 'in_payment')
     WHERE NOT EXISTS (SELECT 1 FROM subsidy_payment_line x
                        WHERE x.run_id = d.run_id AND x.number = d.number AND x.is_live)
), budget AS (
    SELECT r.id AS run_id, b.year, b.left_fen
      FROM subsidy_run r
      JOIN policy_version v ON v.id = r.version_id
      JOIN LATERAL (
          SELECT year, amount_fen - reserved_fen - paid_fen AS left_fen FROM subsidy_budget
           WHERE line = v.content ->> 'budget_line' AND starts_with(r.division_code, division_code)
           ORDER BY year DESC, length(division_code) DESC LIMIT 1) b ON true
     WHERE r.id = ANY (CAST(:runs AS bigint[]))
)
SELECT 'budget:' || u.run_id || ':' || b.year AS subject, NULL::bigint AS resident_id, min(u.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(u.run_id, u.number) ORDER BY u.number), 'programme', min(u.programme),
           'month', min(u.month), 'site_id', min(u.site_id), 'amount_fen', max(u.until_here) - min(b.left_fen),
           'year', b.year, 'left_fen', min(b.left_fen)) AS evidence
 FROM unpaid u JOIN budget b ON b.run_id = u.run_id
WHERE u.until_here > b.left_fen
 GROUP BY u.run_id, b.year
 ORDER BY u.run_id

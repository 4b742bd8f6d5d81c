-- Every line that is due in the runs looked at and not held out, less what was corrected since: whose, and what
-- it rests on.
WITH corrected AS MATERIALIZED (
    SELECT d.of_run_id, d.of_number, sum(d.amount_fen) AS fen
      FROM subsidy_line d JOIN subsidy_run o ON o.id = d.run_id AND o.kind = 'difference'
     WHERE d.of_run_id = ANY (CAST(:runs AS bigint[])) AND o.stage <> 'discarded'
       AND NOT EXISTS (SELECT 1 FROM subsidy_held_line h
                        WHERE h.run_id = d.run_id AND h.number = d.number AND h.put_back_at IS NULL)
     GROUP BY d.of_run_id, d.of_number
)
SELECT r.id AS run_id, l.number, r.programme, r.division_code, r.source, r.payee, r.asks_level, l.beneficiary_id,
       l.resident_id, l.caregiver_id, l.site_id, l.month, (l.month + interval '1 month')::date AS month_ends,
       f.on_day, f.facts, l.amount_fen + coalesce(c.fen, 0) AS fen
  FROM (SELECT o.id, o.programme, o.division_code, v.content ->> 'facts' AS source, v.content ->> 'payee' AS payee,
               strpos((v.content - 'examples')::text, '"ability_level"') > 0 AS asks_level
          FROM subsidy_run o JOIN policy_version v ON v.id = o.version_id
         WHERE o.id = ANY (CAST(:runs AS bigint[])) OFFSET 0) r
  JOIN subsidy_line l ON l.run_id = r.id AND l.outcome = 'due' AND l.of_run_id IS NULL
  JOIN subsidy_fact f ON f.run_id = l.run_id AND f.number = l.number
  LEFT JOIN corrected c ON c.of_run_id = l.run_id AND c.of_number = l.number
 WHERE l.amount_fen + coalesce(c.fen, 0) > 0
   AND NOT EXISTS (SELECT 1 FROM subsidy_held_line h
                    WHERE h.run_id = l.run_id AND h.number = l.number AND h.put_back_at IS NULL)

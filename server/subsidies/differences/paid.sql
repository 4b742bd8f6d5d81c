-- What people had of these families, over all runs that stand, without lines held out: by family, month, part
-- and site.
SELECT l.beneficiary_id, f.code AS family, l.month, l.part, l.site_id,
       (l.run_id = :run OR l.of_run_id IS NOT DISTINCT FROM :run) AS is_of_run, sum(l.amount_fen)::bigint AS fen
  FROM subsidy_line l
  JOIN subsidy_run r ON r.id = l.run_id
  JOIN subsidy_family f ON f.id = l.family_no
 WHERE f.code = ANY (CAST(:families AS text[])) AND l.beneficiary_id = ANY (CAST(:people AS bigint[]))
   AND l.outcome = 'due' AND r.kind <> 'what_if' AND r.stage <> 'discarded' AND l.month < :until
   AND NOT EXISTS (SELECT 1 FROM subsidy_held_line h
                    WHERE h.run_id = l.run_id AND h.number = l.number AND h.put_back_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM subsidy_held_line h
                    WHERE h.run_id = l.of_run_id AND h.number = l.of_number AND h.put_back_at IS NULL)
 GROUP BY 1, 2, 3, 4, 5, 6

-- Cases of a run beside what the registers say today: those whose facts are other ones, those that are new or
-- gone, and those corrected before; a line held out is its run's no more. `whose` keeps the sites apart where a site is paid.
-- What somebody must ask for (`claimant`) counts where a claim was accepted by now; what the run took up stays taken up.
WITH claimed AS MATERIALIZED (
    SELECT * FROM claimed_months(:programme, CAST(:claimant AS text), CAST(:first AS date), CAST(:until AS date))
), fresh AS (
    SELECT f.*, CASE WHEN :pays_sites THEN f.site_id ELSE 0 END AS whose
      FROM {source}(CAST(:first AS date), CAST(:until AS date)) f JOIN site s ON s.id = f.site_id
     WHERE lies_under(s.division_code, ARRAY[CAST(:division AS text)])
       AND (CAST(:claimant AS text) IS NULL
            OR (CASE CAST(:claimant AS text) WHEN 'site' THEN f.site_id WHEN 'resident' THEN f.resident_id
                     ELSE f.caregiver_id END, f.month) IN (SELECT claimant_id, month FROM claimed)
            OR (f.beneficiary_id, f.month, f.part) IN (SELECT t.beneficiary_id, t.month, t.part FROM subsidy_fact t
                                                        WHERE t.run_id = :run))
), frozen AS (
    SELECT f.*, l.amount_fen, CASE WHEN :pays_sites THEN f.site_id ELSE 0 END AS whose
      FROM subsidy_fact f JOIN subsidy_line l ON l.run_id = f.run_id AND l.number = f.number
     WHERE f.run_id = :run
), corrected AS (
    SELECT l.beneficiary_id, l.month, l.part, CASE WHEN :pays_sites THEN l.site_id ELSE 0 END AS whose,
           sum(l.amount_fen)::bigint AS fen, max(l.site_id) AS site_id, max(l.resident_id) AS resident_id,
           max(l.caregiver_id) AS caregiver_id
      FROM subsidy_line l JOIN subsidy_run r ON r.id = l.run_id AND r.stage <> 'discarded'
     WHERE l.of_run_id = :run AND NOT EXISTS (
               SELECT 1 FROM subsidy_held_line h
                WHERE h.run_id = l.run_id AND h.number = l.number AND h.put_back_at IS NULL)
     GROUP BY 1, 2, 3, 4
)
SELECT o.number, coalesce(n.beneficiary_id, o.beneficiary_id, c.beneficiary_id) AS beneficiary_id,
       coalesce(n.resident_id, o.resident_id, c.resident_id) AS resident_id,
       coalesce(n.caregiver_id, o.caregiver_id, c.caregiver_id) AS caregiver_id,
       coalesce(n.site_id, o.site_id, c.site_id) AS site_id, coalesce(n.month, o.month, c.month) AS month,
       coalesce(n.part, o.part, c.part) AS part, coalesce(n.on_day, o.on_day, c.month) AS on_day,
       coalesce(n.subject, o.subject, 'case:0') AS subject, coalesce(n.whose, o.whose, c.whose) AS whose,
       o.facts AS frozen, n.facts AS fresh, coalesce(o.amount_fen, 0) + coalesce(c.fen, 0) AS before_fen
  FROM fresh n
  FULL JOIN frozen o
    ON o.beneficiary_id = n.beneficiary_id AND o.month = n.month AND o.part = n.part AND o.whose = n.whose
  FULL JOIN corrected c
    ON c.beneficiary_id = coalesce(n.beneficiary_id, o.beneficiary_id) AND c.month = coalesce(n.month, o.month)
   AND c.part = coalesce(n.part, o.part) AND c.whose = coalesce(n.whose, o.whose)
 WHERE NOT EXISTS (SELECT 1 FROM subsidy_held_line h
                    WHERE h.run_id = :run AND h.number = o.number AND h.put_back_at IS NULL)
   AND (:asks_all OR n.facts IS NULL OR o.facts IS NULL OR c.fen IS NOT NULL OR n.on_day <> o.on_day
        OR n.facts - CAST(:undated AS text[]) <> o.facts - CAST(:undated AS text[])
        OR n.month = ANY (CAST(:superseded AS date[])))
 ORDER BY 2, 6, 7, 10

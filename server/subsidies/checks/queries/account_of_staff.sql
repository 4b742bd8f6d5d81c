-- An elder's money goes to the account of somebody who works in care.
, account AS (
    SELECT d.run_id, d.number, p.account_digest AS digest
      FROM due d JOIN payee_account p ON p.resident_id = d.resident_id AND p.starts_on <= d.on_day
       AND (p.ends_on IS NULL OR p.ends_on > d.on_day)
     WHERE d.payee = 'resident'
    UNION ALL
    SELECT d.run_id, d.number, c.payee_digest
      FROM due d JOIN caregiver c ON c.id = d.caregiver_id AND c.payee_digest IS NOT NULL
     WHERE d.payee = 'caregiver'
)
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', s.caregiver_id) AS evidence
 FROM due d JOIN account a USING (run_id, number)
 JOIN unnest(CAST(:staff_digests AS bytea[]), CAST(:staff_numbers AS bigint[])) AS s(digest, caregiver_id)
   ON s.digest = a.digest
WHERE d.payee = 'resident'
 ORDER BY d.run_id, d.number

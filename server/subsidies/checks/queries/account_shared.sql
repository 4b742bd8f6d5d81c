-- Several people are paid to one account.
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
SELECT 'account:' || d.run_id || ':' || min(d.number) AS subject, NULL::bigint AS resident_id, min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen),
           'number', count(DISTINCT d.beneficiary_id)) AS evidence
FROM due d JOIN account a USING (run_id, number)
 GROUP BY d.run_id, a.digest
HAVING count(DISTINCT d.beneficiary_id) > :account_people
 ORDER BY d.run_id, a.digest

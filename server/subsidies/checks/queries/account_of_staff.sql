-- An elder's money goes to the account of somebody who works in care.
, own AS MATERIALIZED (
    SELECT p.resident_id, p.starts_on, p.ends_on, s.caregiver_id
      FROM payee_account p
      JOIN unnest(CAST(:staff_digests AS bytea[]), CAST(:staff_numbers AS bigint[])) AS s(digest, caregiver_id)
        ON s.digest = p.account_digest
)
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', s.caregiver_id) AS evidence
 FROM due d
 JOIN own s ON s.resident_id = d.resident_id AND s.starts_on <= d.on_day AND (s.ends_on IS NULL OR s.ends_on > d.on_day)
WHERE d.payee = 'resident'
 ORDER BY d.run_id, d.number

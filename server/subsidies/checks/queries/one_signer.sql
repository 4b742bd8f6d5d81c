-- One name stands under the agreements of many elders.
SELECT 'signer:' || d.run_id || ':' || d.site_id || ':' || min(a.id) AS subject, NULL::bigint AS resident_id, min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen),
           'number', count(DISTINCT d.resident_id), 'agreements', jsonb_agg(DISTINCT a.id)) AS evidence
 FROM due d
 JOIN home_bed_agreement a ON a.resident_id = d.resident_id AND a.site_id = d.site_id
  AND a.starts_on <= d.on_day AND a.ends_on > d.on_day
WHERE d.source = 'home_bed_months'
 GROUP BY d.run_id, d.site_id, a.signed_by
HAVING count(DISTINCT d.resident_id) > :signs_for
 ORDER BY d.run_id, d.site_id, a.signed_by

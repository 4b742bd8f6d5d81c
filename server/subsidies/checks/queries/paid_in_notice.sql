-- Money went to the bank before the public notice of its run was over, or without one.
SELECT 'notice:' || d.run_id || ':' || b.id AS subject, NULL::bigint AS resident_id, min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen), 'batch', b.id,
           'day', min((b.sent_at AT TIME ZONE 'Asia/Shanghai')::date),
           'until', min((n.ended_at AT TIME ZONE 'Asia/Shanghai')::date)) AS evidence
 FROM due d
 JOIN subsidy_run r ON r.id = d.run_id
 JOIN policy_version v ON v.id = r.version_id AND jsonb_typeof(v.content -> 'notice') = 'object'
 JOIN subsidy_payment_line x ON x.run_id = d.run_id AND x.number = d.number AND x.is_live
 JOIN subsidy_payment p ON p.id = x.payment_id
 JOIN subsidy_batch b ON b.id = p.batch_id AND b.sent_at IS NOT NULL
 LEFT JOIN (SELECT run_id, min(ended_at) AS ended_at FROM subsidy_notice GROUP BY run_id) n ON n.run_id = d.run_id
WHERE n.ended_at IS NULL OR b.sent_at < n.ended_at
 GROUP BY d.run_id, b.id
 ORDER BY d.run_id, b.id

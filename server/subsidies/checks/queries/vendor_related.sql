-- Whoever made, checked or sent a payment, or set its account, has an office or works with the provider it goes to.
, payee AS (
    SELECT d.run_id, d.number, d.programme, d.month, d.site_id, d.fen, p.payee_kind, p.payee_id, h.staff_id, h.step, h.at
      FROM due d
      JOIN subsidy_payment_line x ON x.run_id = d.run_id AND x.number = d.number AND x.is_live
      JOIN subsidy_payment p ON p.id = x.payment_id AND p.payee_kind IN ('site', 'caregiver')
      JOIN subsidy_batch b ON b.id = p.batch_id
      CROSS JOIN LATERAL (
           VALUES (b.made_by, 'made', b.made_at), (b.checked_by, 'checked', b.checked_at), (b.sent_by, 'sent', b.sent_at)
           UNION ALL
           SELECT w.staff_id, 'account', w.at
             FROM (SELECT a.asked_by, a.asked_at, a.decided_by, a.decided_at FROM subsidy_site_account a
                    WHERE p.payee_kind = 'site' AND a.site_id = p.payee_id AND a.account_digest = p.account_digest
                      AND a.state = 'accepted') s
            CROSS JOIN LATERAL (VALUES (s.asked_by, s.asked_at), (s.decided_by, s.decided_at)) AS w(staff_id, at)
           ) AS h(staff_id, step, at)
     WHERE h.staff_id IS NOT NULL AND h.at IS NOT NULL
), belongs AS (
    SELECT staff_id, site_id, starts_on, ends_on FROM staff_role WHERE site_id IS NOT NULL
    UNION
    SELECT c.staff_id, e.site_id, e.starts_on, e.ends_on
      FROM caregiver c JOIN employment e ON e.caregiver_id = c.id WHERE c.staff_id IS NOT NULL
)
SELECT 'payer:' || y.run_id || ':' || y.site_id || ':' || y.staff_id AS subject, NULL::bigint AS resident_id, y.site_id,
       jsonb_build_object(
           'lines', jsonb_agg(DISTINCT jsonb_build_array(y.run_id, y.number)), 'programme', min(y.programme),
           'month', min(y.month), 'site_id', y.site_id,
           'amount_fen', sum(y.fen) FILTER (WHERE y.is_first), 'staff_id', y.staff_id,
           'steps', jsonb_agg(DISTINCT y.step)) AS evidence
  FROM (SELECT p.*, row_number() OVER (PARTITION BY p.run_id, p.number, p.staff_id ORDER BY p.step) = 1 AS is_first
          FROM payee p
         WHERE p.payee_kind = 'site' AND EXISTS (
                   SELECT 1 FROM belongs b JOIN site s ON s.id = b.site_id JOIN site t ON t.id = p.payee_id
                    WHERE b.staff_id = p.staff_id AND (s.id = t.id OR s.provider_id = t.provider_id)
                      AND b.starts_on <= (p.at AT TIME ZONE 'Asia/Shanghai')::date
                      AND (b.ends_on IS NULL OR b.ends_on > (p.at AT TIME ZONE 'Asia/Shanghai')::date))
            OR p.payee_kind = 'caregiver' AND EXISTS (
                   SELECT 1 FROM caregiver c WHERE c.id = p.payee_id AND c.staff_id = p.staff_id)) y
 GROUP BY y.run_id, y.site_id, y.staff_id
 ORDER BY y.run_id, y.site_id, y.staff_id

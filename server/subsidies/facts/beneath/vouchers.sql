-- Orders of the month that were redeemed on their proof.
SELECT 'care_order' AS kind, o.id AS key, o.visit_id AS place, o.service_on AS on_day,
       jsonb_build_object('bill_fen', o.bill_fen, 'redeemed_fen', o.voucher_fen,
           'minutes', floor(extract(epoch FROM p.left_at - p.arrived_at) / 60)::int,
           'proof', p.id) AS told
  FROM care_order o LEFT JOIN visit_proof p ON p.visit_id = o.visit_id AND p.superseded_at IS NULL
 WHERE o.resident_id = :resident AND o.site_id = :site AND o.state = 'redeemed' AND o.voucher_fen > 0
   AND o.service_on >= :month AND o.service_on < :until

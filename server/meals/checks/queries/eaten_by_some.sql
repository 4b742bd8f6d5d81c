-- The same, of some people alone.
SELECT b.id AS booking_id, b.resident_id, b.canteen_id AS site_id, b.sitting_id, b.service_on, b.meal,
       b.collected_at, b.booked_by, b.list_price_fen - b.operator_discount_fen AS bill_fen, b.subsidy_fen,
       b.reasons, b.handing
  FROM booking b
 WHERE b.status = 'collected' AND b.service_on BETWEEN :since AND :until
   AND b.resident_id = ANY (CAST(:residents AS bigint[]))

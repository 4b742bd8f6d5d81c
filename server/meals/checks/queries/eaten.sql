-- Every meal handed out on these days: whose, where, when, and what of it was subsidy.
SELECT b.id AS booking_id, b.resident_id, b.canteen_id AS site_id, b.sitting_id, b.service_on, b.meal,
       b.collected_at, b.subsidy_fen, b.reasons, b.handing
  FROM booking b
 WHERE b.status = 'collected' AND b.service_on BETWEEN :since AND :until

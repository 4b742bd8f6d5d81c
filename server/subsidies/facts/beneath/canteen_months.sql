-- Every meal of the settled month.
SELECT 'booking' AS kind, f.booking_id AS key, f.settlement_id AS place, f.service_on AS on_day,
       jsonb_build_object(
           'meal', f.meal, 'subsidy_fen', f.subsidy_fen, 'own_pay_fen', f.own_pay_fen,
           'collected_at', k.collected_at, 'how', c.how, 'collection', c.id) AS told
  FROM meal_fact f JOIN booking k ON k.id = f.booking_id
  LEFT JOIN meal_collection c ON c.booking_id = f.booking_id AND c.undone_at IS NULL
 WHERE f.settlement_id = :subject

-- Everybody who slept there on every night of the month.
SELECT 'stay' AS kind, n.stay_id AS key, n.stay_id AS place, n.last_day AS on_day,
       jsonb_build_object('nights', n.in_bed) AS told
  FROM nights_in_homes(:month, :until) n
 WHERE n.site_id = :site AND n.in_bed = n.next_month - n.month

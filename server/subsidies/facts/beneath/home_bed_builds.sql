-- What was built, who accepted it, and the months that were served up to this one.
SELECT 'home_bed_build' AS kind, b.id AS key, b.home_bed_id AS place, b.installed_on AS on_day,
       jsonb_build_object('cost_fen', b.cost_fen, 'invoice', b.invoice_ref) AS told
  FROM home_bed_build b WHERE b.home_bed_id = :subject
UNION ALL
SELECT 'home_bed_acceptance', a.id, a.home_bed_id, (a.accepted_at AT TIME ZONE 'Asia/Shanghai')::date,
       jsonb_build_object('place', a.place)
  FROM home_bed_acceptance a WHERE a.home_bed_id = :subject AND a.superseded_at IS NULL
UNION ALL
SELECT 'home_month_bed', m.site_id, m.home_bed_id, m.month,
       jsonb_build_object('visits', m.visits, 'minutes', m.minutes)
  FROM home_month_bed m WHERE m.home_bed_id = :subject AND m.month < :until AND m.visits > 0

-- The renovation as it was settled, and who accepted it.
SELECT 'renovation' AS kind, r.id AS key, r.id AS place, r.settled_on AS on_day,
       jsonb_build_object('cost_fen', r.cost_fen, 'granted_fen', r.grant_fen, 'invoice', r.invoice_ref) AS told
  FROM renovation r WHERE r.id = :subject
UNION ALL
SELECT 'renovation_acceptance', a.id, a.renovation_id, (a.accepted_at AT TIME ZONE 'Asia/Shanghai')::date,
       jsonb_build_object('place', a.place)
  FROM renovation_acceptance a WHERE a.renovation_id = :subject AND a.superseded_at IS NULL
UNION ALL
SELECT 'renovation_photo', p.id, p.renovation_id, (p.recorded_at AT TIME ZONE 'Asia/Shanghai')::date,
       jsonb_build_object('phase', p.phase, 'room', p.room)
  FROM renovation_photo p WHERE p.renovation_id = :subject AND p.superseded_at IS NULL

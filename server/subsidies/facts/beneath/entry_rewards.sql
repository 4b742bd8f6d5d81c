-- Where the caregiver works, by which contract, with which degree, and claims for the instalment.
SELECT 'employment' AS kind, e.id AS key, e.caregiver_id AS place, e.starts_on AS on_day,
       jsonb_build_object('post', e.post, 'until', e.ends_on, 'is_front_line', e.is_front_line) AS told
  FROM employment e WHERE e.caregiver_id = :caregiver AND e.starts_on < :until
UNION ALL
SELECT 'employment_contract', k.id, e.caregiver_id, k.starts_on,
       jsonb_build_object('number', k.number, 'until', k.ends_on)
  FROM employment_contract k JOIN employment e ON e.id = k.employment_id
 WHERE e.caregiver_id = :caregiver AND k.starts_on < :until
UNION ALL
SELECT 'caregiver_education', c.id, c.caregiver_id, c.obtained_on,
       jsonb_build_object('degree', c.degree, 'number', c.recognition)
  FROM caregiver_education c WHERE c.caregiver_id = :caregiver AND c.obtained_on < :until
UNION ALL
SELECT 'allowance_claim', l.claim_id, c.caregiver_id, (c.handed_in_at AT TIME ZONE 'Asia/Shanghai')::date,
       jsonb_build_object('claim_state', c.state, 'amount_fen', l.amount_fen)
  FROM allowance_claim_line l JOIN allowance_claim c ON c.id = l.claim_id
 WHERE l.caregiver_id = :caregiver AND l.programme = 'entry_reward' AND l.period = CAST(:part AS text) AND l.is_live

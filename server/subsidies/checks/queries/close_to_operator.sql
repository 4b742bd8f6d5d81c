-- Whoever made or approved a run has an office, or works, at a home that is paid by it.
, site_paid AS (
    SELECT run_id, site_id, min(programme) AS programme, min(month) AS month, sum(fen) AS fen,
           jsonb_agg(jsonb_build_array(run_id, number) ORDER BY number) AS lines
      FROM due GROUP BY run_id, site_id
), hand AS (
    SELECT r.id AS run_id, h.staff_id, h.step, h.at
      FROM subsidy_run r CROSS JOIN LATERAL (
           VALUES (r.made_by, 'made', r.made_at), (r.approved_by, 'approved', r.approved_at)) AS h(staff_id, step, at)
     WHERE r.id = ANY (CAST(:runs AS bigint[])) AND h.staff_id IS NOT NULL AND h.at IS NOT NULL
), belongs AS (
    SELECT staff_id, site_id, starts_on, ends_on FROM staff_role WHERE site_id IS NOT NULL
    UNION
    SELECT c.staff_id, e.site_id, e.starts_on, e.ends_on
      FROM caregiver c JOIN employment e ON e.caregiver_id = c.id WHERE c.staff_id IS NOT NULL
)
SELECT 'hand:' || h.run_id || ':' || s.site_id || ':' || h.staff_id AS subject, NULL::bigint AS resident_id, s.site_id,
       jsonb_build_object(
           'lines', (jsonb_agg(s.lines) -> 0), 'programme', min(s.programme), 'month', min(s.month),
           'site_id', s.site_id, 'amount_fen', min(s.fen), 'staff_id', h.staff_id,
           'steps', jsonb_agg(DISTINCT h.step)) AS evidence
  FROM site_paid s
  JOIN hand h ON h.run_id = s.run_id
  JOIN belongs b ON b.staff_id = h.staff_id AND b.site_id = s.site_id
   AND b.starts_on <= (h.at AT TIME ZONE 'Asia/Shanghai')::date
   AND (b.ends_on IS NULL OR b.ends_on > (h.at AT TIME ZONE 'Asia/Shanghai')::date)
 GROUP BY h.run_id, s.site_id, h.staff_id
 ORDER BY h.run_id, s.site_id, h.staff_id

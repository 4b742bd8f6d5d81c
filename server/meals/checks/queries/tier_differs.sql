-- The subsidy was more than the eater's age and tier of that day give, by the figures it names itself.
, band AS MATERIALIZED (
    SELECT f.id AS parameter_id, (b ->> 'from_age')::int AS from_age,
           coalesce((b ->> 'to_age')::int, 999) AS to_age, (b ->> 'fen')::int AS fen
      FROM parameter f CROSS JOIN LATERAL jsonb_array_elements(f.value) AS b
     WHERE f.key = 'meals.subsidy_by_age' AND b ? 'fen'
), addition AS MATERIALIZED (
    SELECT f.id AS parameter_id, a.key AS tier, a.value::int AS fen
      FROM parameter f CROSS JOIN LATERAL jsonb_each_text(f.value) AS a
     WHERE f.key = 'meals.subsidy_by_hardship'
), granted AS (
    SELECT e.*, r.reason ->> 'code' AS code, (r.reason ->> 'amount_fen')::int AS amount,
           (r.reason ->> 'parameter_id')::bigint AS parameter_id
      FROM eaten e CROSS JOIN LATERAL jsonb_array_elements(e.reasons) AS r(reason)
     WHERE r.reason ->> 'code' IN ('subsidy-by-age', 'subsidy-by-hardship')
), of_day AS (
    SELECT g.*, extract(year FROM age(g.service_on, p.born_on))::int AS years,
           coalesce(h.tier, 'none') AS tier
      FROM granted g
      JOIN resident p ON p.id = g.resident_id
      LEFT JOIN hardship_period h ON h.resident_id = g.resident_id AND h.starts_on <= g.service_on
       AND (h.ends_on IS NULL OR h.ends_on > g.service_on)
), judged AS (
    SELECT d.*, coalesce(b.fen, a.fen, 0) AS most
      FROM of_day d
      LEFT JOIN band b ON d.code = 'subsidy-by-age' AND b.parameter_id = d.parameter_id
       AND d.years BETWEEN b.from_age AND b.to_age
      LEFT JOIN addition a ON d.code = 'subsidy-by-hardship' AND a.parameter_id = d.parameter_id
       AND a.tier = d.tier
     WHERE d.parameter_id IN (SELECT parameter_id FROM band UNION ALL SELECT parameter_id FROM addition)
)
SELECT 'tier:' || booking_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_build_array(booking_id), 'canteen_id', site_id, 'day', service_on,
           'years', min(years), 'tier', min(tier), 'given_fen', sum(amount), 'due_fen', sum(most),
           'amount_fen', sum(amount - most)) AS evidence
  FROM judged
 WHERE amount > most
 GROUP BY booking_id, resident_id, site_id, service_on
 ORDER BY booking_id

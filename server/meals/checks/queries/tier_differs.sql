-- The subsidy was more than the eater's age and tier of that day give, by the figures it names itself.
, granted AS (
    SELECT e.*, r.reason ->> 'code' AS code, (r.reason ->> 'amount_fen')::int AS amount,
           (r.reason ->> 'parameter_id')::bigint AS parameter_id
      FROM eaten e CROSS JOIN LATERAL jsonb_array_elements(e.reasons) AS r(reason)
     WHERE r.reason ->> 'code' IN ('subsidy-by-age', 'subsidy-by-hardship')
), due AS (
    SELECT g.*, extract(year FROM age(g.service_on, p.born_on))::int AS years,
           coalesce(h.tier, 'none') AS tier, f.value
      FROM granted g
      JOIN resident p ON p.id = g.resident_id
      JOIN parameter f ON f.id = g.parameter_id
      LEFT JOIN hardship_period h ON h.resident_id = g.resident_id AND h.starts_on <= g.service_on
       AND (h.ends_on IS NULL OR h.ends_on > g.service_on)
), judged AS (
    SELECT d.*, CASE d.code
               WHEN 'subsidy-by-hardship' THEN coalesce((d.value ->> d.tier)::int, 0)
               ELSE coalesce((
                   SELECT (band ->> 'fen')::int FROM jsonb_array_elements(d.value) AS band
                    WHERE d.years >= (band ->> 'from_age')::int
                      AND d.years <= coalesce((band ->> 'to_age')::int, d.years) LIMIT 1), 0)
           END AS most
      FROM due d
     WHERE d.code = 'subsidy-by-hardship' OR NOT jsonb_path_exists(d.value, '$[*].percent')
)
SELECT 'tier:' || booking_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_build_array(booking_id), 'canteen_id', site_id, 'day', service_on,
           'years', min(years), 'tier', min(tier), 'given_fen', sum(amount), 'due_fen', sum(most),
           'amount_fen', sum(amount - most)) AS evidence
  FROM judged
 GROUP BY booking_id, resident_id, site_id, service_on
HAVING bool_or(amount > most)
 ORDER BY booking_id

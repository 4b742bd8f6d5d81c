-- The subsidy was more than the eater's age and class of that day give, by the very figures the booking names:
-- amounts by age, additions by hardship, or a city's classes, of which the first that holds counts.
, term AS MATERIALIZED (
    SELECT f.id AS parameter_id, t.n, 'subsidy-by-age' AS code, t.term
      FROM parameter f CROSS JOIN LATERAL jsonb_array_elements(f.value) WITH ORDINALITY AS t(term, n)
     WHERE f.key = 'meals.subsidy_by_age'
    UNION ALL
    SELECT f.id, 1, 'subsidy-by-hardship', jsonb_build_object('tiers', jsonb_build_array(a.key), 'fen', a.value::int)
      FROM parameter f CROSS JOIN LATERAL jsonb_each_text(f.value) AS a
     WHERE f.key = 'meals.subsidy_by_hardship'
    UNION ALL
    SELECT f.id, t.n, 'subsidy-by-' || replace(t.term ->> 'class', '_', '-'), t.term
      FROM parameter f CROSS JOIN LATERAL jsonb_array_elements(f.value) WITH ORDINALITY AS t(term, n)
     WHERE f.key = 'meals.subsidy_classes'
), rate AS MATERIALIZED (
    SELECT parameter_id, n, code, coalesce((term ->> 'from_age')::int, 0) AS from_age,
           coalesce((term ->> 'to_age')::int, 999) AS to_age, term -> 'tiers' AS tiers, term -> 'cares' AS cares,
           term -> 'places' AS places, term -> 'meals' AS meals,
           coalesce(term ->> 'days', 'all') = 'working' AS on_workdays, (term ->> 'fen')::int AS fen,
           (term ->> 'percent')::int AS percent, (term ->> 'elder_pays_fen')::int AS elder_pays_fen
      FROM term
), granted AS (
    SELECT e.booking_id, e.resident_id, e.site_id, e.service_on, e.meal, e.bill_fen, r.reason ->> 'code' AS code,
           (r.reason ->> 'amount_fen')::int AS amount, (r.reason ->> 'parameter_id')::bigint AS parameter_id,
           extract(year FROM age(e.service_on, p.born_on))::int AS years, p.village_code,
           coalesce(h.tier, 'none') AS tier
      FROM eaten e
      CROSS JOIN LATERAL jsonb_array_elements(e.reasons) AS r(reason)
      JOIN resident p ON p.id = e.resident_id
      LEFT JOIN hardship_period h ON h.resident_id = e.resident_id AND h.starts_on <= e.service_on
       AND (h.ends_on IS NULL OR h.ends_on > e.service_on)
     WHERE r.reason ->> 'code' LIKE 'subsidy-by-%'
), judged AS (
    SELECT g.*, coalesce(best.amount, 0) AS most
      FROM granted g
      LEFT JOIN LATERAL (
          SELECT CASE WHEN t.fen IS NOT NULL THEN t.fen
                      WHEN t.elder_pays_fen IS NOT NULL THEN greatest(g.bill_fen - t.elder_pays_fen, 0)
                      ELSE (g.bill_fen * t.percent + 50) / 100 END AS amount
            FROM rate t
           WHERE t.parameter_id = g.parameter_id AND t.code = g.code AND g.years BETWEEN t.from_age AND t.to_age
             AND (t.tiers IS NULL OR t.tiers ? g.tier)
             AND (t.meals IS NULL OR t.meals ? g.meal)
             AND (NOT t.on_workdays OR g.service_on <> ALL (CAST(:days_off AS date[])))
             AND (t.places IS NULL OR EXISTS (
                      SELECT 1 FROM jsonb_array_elements_text(t.places) AS place
                       WHERE starts_with(g.village_code, place)))
             AND (t.cares IS NULL OR EXISTS (
                      SELECT 1 FROM special_care_period c
                       WHERE c.resident_id = g.resident_id AND t.cares ? c.care AND c.starts_on <= g.service_on
                         AND (c.ends_on IS NULL OR c.ends_on > g.service_on)))
           ORDER BY t.n LIMIT 1
      ) best ON true
     WHERE g.parameter_id IN (SELECT parameter_id FROM rate)
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

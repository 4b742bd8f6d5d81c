-- Age, hardship tier or household register of the day are not those it was reckoned with.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'whats', w.whats, 'claimed', w.claimed, 'known', w.known) AS evidence
FROM due d
JOIN resident p ON p.id = d.resident_id
LEFT JOIN hardship_period h ON h.resident_id = d.resident_id AND h.starts_on <= d.on_day
 AND (h.ends_on IS NULL OR h.ends_on > d.on_day)
LEFT JOIN hukou k ON k.resident_id = d.resident_id AND k.starts_on <= d.on_day
 AND (k.ends_on IS NULL OR k.ends_on > d.on_day)
JOIN LATERAL (
    SELECT jsonb_agg(v.what) AS whats, min(v.claimed) AS claimed, min(v.known) AS known
      FROM (VALUES ('age', d.facts ->> 'age', extract(year FROM age(d.on_day, p.born_on))::int::text),
                   ('hardship_tier', d.facts ->> 'hardship_tier', coalesce(h.tier, 'none')),
                   ('is_local', CASE WHEN k.id IS NOT NULL AND (d.facts ->> 'is_local')::boolean THEN 'true' END,
                    coalesce(left(k.division_code, 4) = left(d.division_code, 4), false)::text))
             AS v(what, claimed, known)
     WHERE v.claimed <> v.known) w ON w.whats IS NOT NULL
 ORDER BY d.run_id, d.number

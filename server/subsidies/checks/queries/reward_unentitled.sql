-- An entry reward without a recognised degree, a front-line post outside the establishment, or the years it is for.
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'caregiver', d.caregiver_id, 'whys', w.whys) AS evidence
 FROM due d
 LEFT JOIN LATERAL (
     SELECT e.* FROM employment e
      WHERE e.caregiver_id = d.caregiver_id AND e.starts_on = (d.facts ->> 'hired_on')::date
      ORDER BY e.is_front_line DESC, e.on_establishment, e.id LIMIT 1) e ON true
 JOIN LATERAL (
     SELECT jsonb_agg(v.why) AS whys
       FROM (VALUES ('degree', NOT EXISTS (
                         SELECT 1 FROM caregiver_education u
                          WHERE u.caregiver_id = d.caregiver_id AND u.degree = d.facts ->> 'degree'
                            AND u.recognised_on <= d.on_day)),
                    ('hired', e.id IS NULL),
                    ('post', NOT e.is_front_line),
                    ('establishment', e.on_establishment),
                    ('left', coalesce(e.ends_on <= d.on_day, false) AND NOT EXISTS (
                         SELECT 1 FROM employment n
                          WHERE n.caregiver_id = d.caregiver_id AND n.is_front_line AND n.starts_on <= d.on_day
                            AND (n.ends_on IS NULL OR n.ends_on > d.on_day)))) AS v(why, holds)
      WHERE v.holds) w ON w.whys IS NOT NULL
WHERE d.source = 'entry_rewards'
 ORDER BY d.run_id, d.number

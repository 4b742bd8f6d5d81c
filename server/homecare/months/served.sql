-- Every visit of a provider's month, with what was made of it: minutes count up to those ordered, none
-- where a finding proved to be true; `life` is the share of life care by the catalogue's minutes.
WITH doubt AS (
    SELECT CAST(e.id AS bigint) AS visit_id, bool_or(f.state IN ('true', 'closed')) AS is_untrue
      FROM finding f CROSS JOIN LATERAL jsonb_array_elements_text(f.evidence -> 'visits') AS e(id)
     WHERE f.kind LIKE 'home\_%' AND f.state IN ('open', 'true', 'closed')
     GROUP BY 1
), catalogue AS (
    SELECT DISTINCT ON (code) code, category, minutes FROM care_service
     WHERE starts_on <= :month ORDER BY code, starts_on DESC
), content AS (
    SELECT v.id AS visit_id, sum(c.minutes) FILTER (WHERE c.category = 'life')::float8
           / nullif(sum(c.minutes), 0) AS life, bool_or(c.category = 'nursing') AS nursing
      FROM care_visit v CROSS JOIN LATERAL unnest(v.services) AS s(code) JOIN catalogue c ON c.code = s.code
     WHERE v.site_id = :site_id AND v.service_on >= :month AND v.service_on < :next_month
     GROUP BY v.id
), served AS (
    SELECT v.id, v.home_bed_id, v.resident_id, coalesce(p.worker_id, v.worker_id) AS worker_id,
           p.left_at IS NOT NULL AND NOT coalesce(d.is_untrue, false) AS counts,
           d.is_untrue IS FALSE AS is_doubted, p.confirmed_at IS NOT NULL AS is_confirmed,
           least(v.minutes, floor(extract(epoch FROM p.left_at - p.arrived_at) / 60))::int AS made,
           coalesce(k.life, 0) AS life, coalesce(k.nursing, false) AS nursing, r.score
      FROM care_visit v
      LEFT JOIN visit_proof p ON p.visit_id = v.id AND p.superseded_at IS NULL
      LEFT JOIN visit_rating r ON r.visit_id = v.id
      LEFT JOIN doubt d ON d.visit_id = v.id
      LEFT JOIN content k ON k.visit_id = v.id
     WHERE v.site_id = :site_id AND v.service_on >= :month AND v.service_on < :next_month
       AND v.state <> 'cancelled'
)

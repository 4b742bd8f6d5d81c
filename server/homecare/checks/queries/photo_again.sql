-- The photo of a visit proved another visit before: the same bytes, or a picture alike. Sixty-four
-- bits in four parts of sixteen: two pictures that differ in at most three bits agree in one part.
, shown AS MATERIALIZED (
    SELECT p.visit_id, p.resident_id, p.site_id, p.worker_id, p.service_on, p.arrived_at,
           f.id AS file_id, f.sha256, f.perceptual_hash AS hash
      FROM proved p JOIN file f ON f.id = p.photo_file_id
     WHERE p.service_on <= :until AND p.service_on > CAST(:since AS date) - CAST(:photo_days AS integer)
), parts AS (
    SELECT visit_id, hash, (hash >> (16 * n)) & 65535 AS part, n FROM shown, generate_series(0, 3) AS n
     WHERE hash IS NOT NULL
), alike AS (
    SELECT later.visit_id, earlier.visit_id AS other_id
      FROM parts later JOIN parts earlier USING (n, part)
     WHERE later.visit_id <> earlier.visit_id
       AND bit_count((later.hash # earlier.hash)::bit(64)) <= :photo_bits
     UNION
    SELECT later.visit_id, earlier.visit_id
      FROM shown later JOIN shown earlier USING (sha256)
     WHERE later.visit_id <> earlier.visit_id
), firsts AS (
    SELECT DISTINCT ON (a.visit_id) l.*, e.visit_id AS other_id, e.hash AS other_hash
      FROM alike a JOIN shown l ON l.visit_id = a.visit_id JOIN shown e ON e.visit_id = a.other_id
     WHERE (e.arrived_at, e.visit_id) < (l.arrived_at, l.visit_id) AND l.service_on >= :since
     ORDER BY a.visit_id, e.arrived_at, e.visit_id
)
SELECT 'photo:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(other_id, visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on, 'bits', coalesce(bit_count((hash # other_hash)::bit(64)), 0)) AS evidence
  FROM firsts
 ORDER BY visit_id

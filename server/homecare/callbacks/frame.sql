-- Every visit of the month that was proved by the moment of the drawing, as it was known then.
frame AS (
    SELECT v.id, v.site_id, v.resident_id
      FROM care_visit v
      JOIN visit_proof p ON p.visit_id = v.id
      JOIN resident r ON r.id = v.resident_id
     WHERE v.service_on >= :month AND v.service_on < :next_month
       AND p.left_recorded_at <= :drawn_at
       AND (p.superseded_at IS NULL OR p.superseded_at > :drawn_at)
       AND r.village_code ~>=~ CAST(:prefix AS text)
       AND r.village_code ~<~ (CAST(:prefix AS text) || ':')
       AND (CAST(:site_id AS bigint) IS NULL OR v.site_id = CAST(:site_id AS bigint))
)

-- Every visit with the proof of it that counts: what was ordered, what was made, and where.
SELECT p.id AS proof_id, v.id AS visit_id, v.resident_id, v.site_id, p.worker_id, v.home_bed_id,
       v.service_on, v.starts_at, v.minutes AS ordered, p.photo_file_id,
       p.arrived_at, p.left_at, p.arrived_recorded_at, p.left_recorded_at,
       extract(epoch FROM p.left_at - p.arrived_at) / 60 AS made,
       p.arrived_x, p.arrived_y, p.arrived_accuracy_m, p.left_x, p.left_y, p.left_accuracy_m,
       b.x AS home_x, b.y AS home_y
  FROM visit_proof p
  JOIN care_visit v ON v.id = p.visit_id
  LEFT JOIN home_bed b ON b.id = v.home_bed_id
 WHERE p.superseded_at IS NULL AND v.state <> 'cancelled'

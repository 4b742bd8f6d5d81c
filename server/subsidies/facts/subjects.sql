-- What cases rest on: whose it is, what it is called, and since when or for which month.
SELECT 'stay' AS kind, s.id AS key, r.name AS person, b.label AS called, s.admitted_on AS on_day
  FROM stay s LEFT JOIN resident r ON r.id = s.resident_id
  LEFT JOIN LATERAL (
       SELECT bed_id FROM bed_occupancy o WHERE o.stay_id = s.id AND o.superseded_at IS NULL
        ORDER BY o.starts_on DESC, o.id DESC LIMIT 1) o ON true
  LEFT JOIN bed b ON b.id = o.bed_id
 WHERE s.id = ANY (:stay)
UNION ALL
SELECT 'site', s.id, NULL, s.name, NULL FROM site s WHERE s.id = ANY (:site)
UNION ALL
SELECT 'bed_licence', l.id, NULL, nullif(l.document, ''), l.starts_on FROM bed_licence l
 WHERE l.id = ANY (:bed_licence)
UNION ALL
SELECT 'home_bed', h.id, r.name, b.label, NULL
  FROM home_bed h LEFT JOIN resident r ON r.id = h.resident_id LEFT JOIN bed b ON b.id = h.bed_id
 WHERE h.id = ANY (:home_bed)
UNION ALL
SELECT 'meal_settlement', m.id, NULL, s.name, m.month
  FROM meal_settlement m LEFT JOIN site s ON s.id = m.site_id WHERE m.id = ANY (:meal_settlement)
UNION ALL
SELECT 'care_allowance', a.id, r.name, NULL, a.month
  FROM care_allowance a LEFT JOIN resident r ON r.id = a.resident_id WHERE a.id = ANY (:care_allowance)
UNION ALL
SELECT 'caregiver_entitlement', t.id, c.name, NULL, t.month
  FROM caregiver_entitlement t LEFT JOIN caregiver c ON c.id = t.caregiver_id
 WHERE t.id = ANY (:caregiver_entitlement)
UNION ALL
SELECT 'caregiver', c.id, c.name, NULL, NULL FROM caregiver c WHERE c.id = ANY (:caregiver)
UNION ALL
SELECT 'enrolment', n.id, c.name, k.name, NULL
  FROM enrolment n LEFT JOIN caregiver c ON c.id = n.caregiver_id
  LEFT JOIN course_session s ON s.id = n.session_id LEFT JOIN course k ON k.id = s.course_id
 WHERE n.id = ANY (:enrolment)
UNION ALL
SELECT 'renovation', v.id, r.name, NULL, v.settled_on
  FROM renovation v LEFT JOIN resident r ON r.id = v.resident_id WHERE v.id = ANY (:renovation)

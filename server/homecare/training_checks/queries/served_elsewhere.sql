-- A caregiver signed for a class, and proved a visit at a home in the same hours.
SELECT 'class:' || t.enrolment_id || ':' || t.meeting_id || ':visit:' || v.id AS subject,
       NULL::bigint AS resident_id, v.site_id,
       jsonb_build_object(
           'session', t.session_id, 'meeting', t.meeting_id, 'caregiver', t.caregiver_id,
           'day', t.day, 'site_id', v.site_id, 'visit', v.id,
           'minutes', round(extract(epoch FROM least(p.left_at, t.until) - greatest(p.arrived_at, t.since)) / 60))
           AS evidence
  FROM attended t
  JOIN visit_proof p ON p.worker_id = t.staff_id AND p.superseded_at IS NULL AND p.left_at IS NOT NULL
   AND p.arrived_at < t.until AND p.left_at > t.since
   AND least(p.left_at, t.until) - greatest(p.arrived_at, t.since) > make_interval(mins => :overlap_minutes)
  JOIN care_visit v ON v.id = p.visit_id
 ORDER BY t.enrolment_id, t.meeting_id, v.id

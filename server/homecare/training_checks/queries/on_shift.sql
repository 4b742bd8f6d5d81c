-- A caregiver signed for a class, and was on duty at a site by its clock in the same hours. A shift that was
-- never clocked out is one of eight hours at most.
SELECT 'class:' || t.enrolment_id || ':' || t.meeting_id || ':' || d.site_id AS subject,
       NULL::bigint AS resident_id, d.site_id,
       jsonb_build_object(
           'session', t.session_id, 'meeting', t.meeting_id, 'caregiver', t.caregiver_id,
           'day', t.day, 'site_id', d.site_id,
           'minutes', round(extract(epoch FROM least(d.until, t.until) - greatest(d.arrived_at, t.since)) / 60))
           AS evidence
  FROM attended t
  JOIN (SELECT caregiver_id, site_id, day, arrived_at,
               coalesce(left_at, arrived_at + interval '8 hours') AS until
          FROM attendance_day) d
    ON d.caregiver_id = t.caregiver_id AND d.day BETWEEN t.day - 1 AND t.day
   AND least(d.until, t.until) - greatest(d.arrived_at, t.since) > make_interval(mins => :overlap_minutes)
 ORDER BY t.enrolment_id, t.meeting_id, d.site_id

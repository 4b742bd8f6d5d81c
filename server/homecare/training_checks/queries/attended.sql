-- Class hours of these days that a caregiver signed for, with the staff account that proves visits.
SELECT a.enrolment_id, a.meeting_id, m.session_id, e.caregiver_id, c.staff_id,
       (m.starts_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
       greatest(a.arrived_at, m.starts_at) AS since, least(coalesce(a.left_at, m.ends_at), m.ends_at) AS until
  FROM course_attendance a
  JOIN course_meeting m ON m.id = a.meeting_id
  JOIN enrolment e ON e.id = a.enrolment_id AND e.caregiver_id IS NOT NULL
  JOIN caregiver c ON c.id = e.caregiver_id
 WHERE a.minutes > 0
   AND (m.starts_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN CAST(:since AS date) AND CAST(:until AS date)

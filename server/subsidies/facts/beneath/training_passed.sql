-- Every meeting that was attended, the exam, and the certificate.
SELECT 'course_attendance' AS kind, a.meeting_id AS key, n.session_id AS place,
       (a.arrived_at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
       jsonb_build_object('minutes', a.minutes, 'signed_by', a.signed_by) AS told
  FROM course_attendance a JOIN enrolment n ON n.id = a.enrolment_id WHERE a.enrolment_id = :part
UNION ALL
SELECT 'exam_result', x.id, n.session_id, x.sat_on, jsonb_build_object('score', x.score, 'passed', x.is_passed)
  FROM exam_result x JOIN enrolment n ON n.id = x.enrolment_id
 WHERE x.enrolment_id = :part AND x.confirmed_at IS NOT NULL
UNION ALL
SELECT 'completion_certificate', c.id, n.session_id, c.issued_on, jsonb_build_object('number', c.number)
  FROM completion_certificate c JOIN enrolment n ON n.id = c.enrolment_id
 WHERE c.enrolment_id = :part AND c.annulled_on IS NULL

-- Courses and their sessions are public; who learns there is known to whoever keeps the session, to
-- the trainee, and to whoever keeps the caregiver's file.
CREATE FUNCTION keeps_session(session bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM course_session s WHERE s.id = session
                      AND (s.site_id = ANY ((SELECT seen_sites())::bigint[])
                           OR lies_under(s.division_code, (SELECT seen_prefixes()))))
$$;

-- A family carer may leave the name of the elder with the enrolment, whom the account acts for.
ALTER TABLE enrolment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON enrolment USING (
    (SELECT sees_all())
    OR account_id = (SELECT seen_account())
    OR keeps_session(session_id)
    OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['course_attendance', 'exam_result', 'completion_certificate',
                                   'training_subsidy'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' (SELECT sees_all()) OR EXISTS (SELECT 1 FROM enrolment e WHERE e.id = enrolment_id))',
                       v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['course', 'course_session', 'course_meeting', 'enrolment', 'exam_result',
                                   'training_subsidy', 'skills_contest'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
END $$;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON course_attendance
    FOR EACH ROW EXECUTE FUNCTION write_trail('enrolment_id,meeting_id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON completion_certificate
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'check_code');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON contest_entrant
    FOR EACH ROW EXECUTE FUNCTION write_trail('contest_id,caregiver_id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON enrolment FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- A contest's entrants are known to its office, to their homes, and to themselves.
ALTER TABLE contest_entrant ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON contest_entrant USING (
    (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM skills_contest k WHERE k.id = contest_id
                  AND lies_under(k.division_code, (SELECT seen_prefixes())))
    OR EXISTS (SELECT 1 FROM caregiver c WHERE c.id = caregiver_id));

-- The database itself counts the places of a session: whatever writes an enrolment takes one or is
-- refused by ck_course_session_enrolled_within_capacity.
CREATE FUNCTION count_course_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'enrolled' THEN
        UPDATE course_session SET enrolled = enrolled - 1 WHERE id = OLD.session_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'enrolled' THEN
        UPDATE course_session SET enrolled = enrolled + 1 WHERE id = NEW.session_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "A_place_taken" AFTER INSERT OR DELETE ON enrolment
    FOR EACH ROW EXECUTE FUNCTION count_course_place();
CREATE TRIGGER "A_place_changed" AFTER UPDATE OF state ON enrolment
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION count_course_place();

-- How many wait up to this one; whom the reader may not see is counted all the same.
CREATE FUNCTION turn_for_course(p_enrolment bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(*) FROM enrolment mine
      JOIN enrolment w ON w.session_id = mine.session_id AND w.state = 'waiting'
                      AND (w.joined_at, w.id) <= (mine.joined_at, mine.id)
     WHERE mine.id = p_enrolment AND mine.state = 'waiting'
$$;
REVOKE ALL ON FUNCTION turn_for_course(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION turn_for_course(bigint), keeps_session(bigint) TO yinling_app;

-- Who learns what and what came of it is never rewritten: a place ends, a result is confirmed.
GRANT SELECT, INSERT ON course, course_session, course_meeting, enrolment, course_attendance, exam_result,
    completion_certificate, training_subsidy, skills_contest, contest_entrant TO yinling_app;
GRANT UPDATE (name, minutes, least_percent, has_exam, pass_mark, gives_certificate, issuer, cost_fen, about,
    is_offered) ON course TO yinling_app;
GRANT UPDATE (place, teacher, capacity, enrol_until, starts_at, ends_at, state, cancelled_at, cancel_reason,
    teaching_fen, venue_fen, material_fen, exam_fen) ON course_session TO yinling_app;
GRANT UPDATE (starts_at, ends_at, closed_at) ON course_meeting TO yinling_app;
GRANT UPDATE (state, moved_up_at, ended_at, wrong_codes, resident_id) ON enrolment TO yinling_app;
GRANT UPDATE (arrived_at, left_at, minutes, noted_by) ON course_attendance TO yinling_app;
GRANT UPDATE (sat_on, score, is_passed, entered_by, entered_at, confirmed_by, confirmed_at) ON exam_result TO yinling_app;
GRANT UPDATE (skill_certificate_id, annulled_on, annul_reason) ON completion_certificate TO yinling_app;
GRANT UPDATE (published_at) ON skills_contest TO yinling_app;
GRANT UPDATE (score_hundredths, rank, award, entered_by) ON contest_entrant TO yinling_app;

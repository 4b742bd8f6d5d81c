-- Runs move by their own steps alone; what is taken back is held against all that was given; what was
-- discarded takes its notice along.

-- A run that was reckoned is held against the checks at once; when that was. Those decided on by now were checked at
-- night; the timetable looks at the others.
ALTER TABLE subsidy_run ADD COLUMN cross_checked_at timestamptz;
ALTER TABLE subsidy_run DISABLE TRIGGER USER;
UPDATE subsidy_run SET cross_checked_at = computed_at
 WHERE kind = 'regular' AND stage NOT IN ('gathering', 'computing', 'computed', 'in_approval');
ALTER TABLE subsidy_run ENABLE TRIGGER USER;
GRANT UPDATE (cross_checked_at) ON subsidy_run TO yinling_app;

-- Notices of runs that were let go before this step go with them.
ALTER TABLE subsidy_notice DISABLE TRIGGER USER;
UPDATE subsidy_notice n
   SET withdrawn_at = r.discarded_at, withdrawn_by = r.discarded_by,
       words = coalesce(nullif(r.words, ''), '核算已作废')
  FROM subsidy_run r
 WHERE r.id = n.run_id AND r.stage = 'discarded' AND n.ended_at IS NULL AND n.withdrawn_at IS NULL;
ALTER TABLE subsidy_notice ENABLE TRIGGER USER;

-- A run begins at its beginning, is never approved without a review that was, and a trial is never more than
-- computed. It is paid only when its notice is over and every objection to any notice of it is answered.
CREATE FUNCTION keep_run_beginning() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a run begins at its beginning'
          USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_begins';
END $$;
CREATE TRIGGER begins BEFORE INSERT ON subsidy_run FOR EACH ROW
    WHEN (NEW.stage <> 'gathering' OR NEW.approved_at IS NOT NULL) EXECUTE FUNCTION keep_run_beginning();

CREATE OR REPLACE FUNCTION keep_run_stage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_past_approval text[] := ARRAY['approved', 'in_notice', 'payable', 'in_payment', 'paid'];
BEGIN
    IF NEW.kind = 'what_if' AND NEW.stage NOT IN ('gathering', 'computing', 'computed', 'discarded') THEN
        RAISE EXCEPTION 'a trial is never approved'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_is_no_trial';
    END IF;
    IF NEW.stage = ANY (v_past_approval) AND OLD.stage <> ALL (v_past_approval)
       AND NOT EXISTS (SELECT 1 FROM subsidy_review w WHERE w.run_id = NEW.id AND w.state = 'approved') THEN
        RAISE EXCEPTION 'nobody has approved this run'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_was_approved';
    END IF;
    IF NEW.stage IN ('payable', 'in_payment', 'paid') AND OLD.stage NOT IN ('payable', 'in_payment', 'paid')
       AND EXISTS (SELECT 1 FROM policy_version v
                    WHERE v.id = NEW.version_id AND jsonb_typeof(v.content -> 'notice') = 'object')
       AND (NOT EXISTS (SELECT 1 FROM subsidy_notice n WHERE n.run_id = NEW.id AND n.ended_at IS NOT NULL)
            OR EXISTS (SELECT 1 FROM subsidy_objection o JOIN subsidy_notice n ON n.id = o.notice_id
                        WHERE n.run_id = NEW.id AND o.answered_at IS NULL)) THEN
        RAISE EXCEPTION 'the notice of this run is not over'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_notice_is_over';
    END IF;
    RETURN NEW;
END $$;

-- A run that is not paid can be let go: from then on its lines keep nobody away, and its notice is withdrawn.
CREATE OR REPLACE FUNCTION let_go_of_run() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.stage IN ('in_payment', 'paid', 'discarded') THEN
        RAISE EXCEPTION 'this run is past that' USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_not_paid';
    END IF;
    UPDATE subsidy_line SET holds = run_id WHERE run_id = NEW.id AND holds = 0;
    UPDATE subsidy_notice
       SET withdrawn_at = NEW.discarded_at, withdrawn_by = NEW.discarded_by,
           words = coalesce(nullif(NEW.words, ''), '核算已作废')
     WHERE run_id = NEW.id AND ended_at IS NULL AND withdrawn_at IS NULL;
    RETURN NEW;
END $$;

-- An objection that is upheld holds its line out as long as nothing is payable, its notice withdrawn or not.
CREATE OR REPLACE FUNCTION keep_held_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_run subsidy_run;
BEGIN
    SELECT * INTO v_run FROM subsidy_run WHERE id = NEW.run_id FOR SHARE;
    IF NOT (v_run.stage = 'in_approval' AND EXISTS (
               SELECT 1 FROM subsidy_review w WHERE w.run_id = v_run.id AND w.state = 'open')
            OR v_run.stage IN ('approved', 'in_notice') AND NEW.held_for = 'objection'
               AND NEW.put_back_at IS NULL) THEN
        RAISE EXCEPTION 'lines of this run stand by now'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_held_line_in_time';
    END IF;
    RETURN NEW;
END $$;

-- No case is taken back by more than it was given: by its line, and by every correction that gave more and was
-- taken up for payment. A case that nobody knew of at first has no line; then the first correction stands for it.
CREATE FUNCTION given_of(p_run bigint, p_number integer) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT CASE WHEN is_held_out(o.run_id, o.number) THEN 0 ELSE greatest(o.amount_fen, 0) END + (
           SELECT coalesce(sum(x.amount_fen), 0)
             FROM subsidy_line x JOIN subsidy_run r ON r.id = x.run_id AND r.stage IN ('in_payment', 'paid')
            WHERE x.of_run_id = coalesce(o.of_run_id, o.run_id) AND x.amount_fen > 0 AND x.run_id <> o.run_id
              AND NOT is_held_out(x.run_id, x.number) AND NOT is_held_out(x.of_run_id, x.of_number)
              AND CASE WHEN o.of_run_id IS NULL THEN x.of_number = o.number
                  ELSE x.of_number IS NULL AND (x.site_id = o.site_id OR v.content ->> 'payee' <> 'site')
                       AND (x.beneficiary_id, x.month, x.part) = (o.beneficiary_id, o.month, o.part) END)::bigint
      FROM subsidy_line o JOIN subsidy_run q ON q.id = o.run_id JOIN policy_version v ON v.id = q.version_id
     WHERE o.run_id = p_run AND o.number = p_number
$$;
CREATE OR REPLACE FUNCTION keep_recovery_within() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        format('recovery-of:%s:%s:%s', current_schema(), NEW.of_run_id, NEW.of_number), 0));
    IF NEW.amount_fen + (SELECT coalesce(sum(amount_fen), 0) FROM subsidy_recovery
                          WHERE of_run_id = NEW.of_run_id AND of_number = NEW.of_number)
       > coalesce(given_of(NEW.of_run_id, NEW.of_number), 0) THEN
        RAISE EXCEPTION 'more would be taken back than was given'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_recovery_within_the_line';
    END IF;
    RETURN NEW;
END $$;
-- Somebody was entered twice, reckoned twice, and is known to be one by now: the line of the one that was merged
-- waits until it is corrected, and never goes out beside that of the other for the same month.
CREATE FUNCTION is_doubled(p_run bigint, p_number integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT 1 FROM subsidy_line l
          JOIN subsidy_line o ON o.family_no = l.family_no AND o.month = l.month AND o.part = l.part
                AND o.outcome = 'due' AND o.holds = 0 AND o.beneficiary_id <> l.beneficiary_id
                AND o.beneficiary_id = ANY (twins_of(kept_of(l.resident_id)))
         WHERE l.run_id = p_run AND l.number = p_number AND l.of_run_id IS NULL AND l.beneficiary_id = l.resident_id
           AND (o.beneficiary_id = kept_of(l.resident_id) OR (o.run_id, o.number) < (l.run_id, l.number))
           AND NOT EXISTS (SELECT 1 FROM subsidy_line c JOIN subsidy_run q ON q.id = c.run_id
                            WHERE c.of_run_id = l.run_id AND c.of_number = l.number AND c.amount_fen < 0
                              AND q.stage IN ('in_payment', 'paid')))
$$;
REVOKE ALL ON FUNCTION given_of(bigint, integer), is_doubled(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION given_of(bigint, integer), is_doubled(bigint, integer) TO yinling_app;

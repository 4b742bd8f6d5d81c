-- What is held out or in question moves no money, a correction stands on what stands, and what is looked for
-- once money has moved: paid before the notice was over, beyond the budget, to those near whoever paid.
DO $$
DECLARE
    v_kinds text;
BEGIN
    SELECT string_agg(quote_literal(m[1]), ', ' ORDER BY n) INTO v_kinds
      FROM regexp_matches(
           (SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
             WHERE c.conname = 'ck_finding_findingkind' AND c.conrelid = 'finding'::regclass),
           '''([a-z_]+)''', 'g') WITH ORDINALITY AS found(m, n);
    ALTER TABLE finding DROP CONSTRAINT ck_finding_findingkind;
    EXECUTE format('ALTER TABLE finding ADD CONSTRAINT ck_finding_findingkind CHECK (kind IN (%s'
                   ' , ''subsidy_meals_underpaid'', ''subsidy_paid_in_notice'', ''subsidy_over_budget'''
                   ' , ''subsidy_vendor_related''))', v_kinds);
END $$;

-- The kinds that keep a line from being approved and paid; the application has the same list.
CREATE FUNCTION blocking_finding_kinds() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT RETURN ARRAY[
    'subsidy_after_death', 'subsidy_days_over_beds', 'subsidy_days_not_in_ledger', 'subsidy_minutes_not_proved',
    'subsidy_lived_in_a_home', 'subsidy_level_differs', 'subsidy_built_twice', 'subsidy_standing_differs',
    'subsidy_two_employers', 'subsidy_attendance_short', 'subsidy_certificate_lacking',
    'subsidy_reward_unentitled', 'subsidy_account_of_staff', 'subsidy_close_to_operator',
    'subsidy_assessor_approved'];

-- A line is in question while a blocking finding about it is open, or true with nothing done about it.
CREATE FUNCTION is_in_question(p_run bigint, p_number integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM finding_line n JOIN finding f ON f.id = n.finding_id
                    WHERE n.run_id = p_run AND n.number = p_number AND f.state IN ('open', 'true')
                      AND f.kind = ANY (blocking_finding_kinds()))
$$;

-- Only lines that are due, neither held out nor in question, of runs that may be paid, and with their own amount.
CREATE OR REPLACE FUNCTION keep_payable() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added a
                 LEFT JOIN subsidy_line l ON l.run_id = a.run_id AND l.number = a.number
                 LEFT JOIN subsidy_run r ON r.id = a.run_id
                WHERE l.outcome IS DISTINCT FROM 'due' OR l.amount_fen IS DISTINCT FROM a.amount_fen
                   OR r.kind = 'what_if' OR r.stage NOT IN ('payable', 'in_payment'))
       OR EXISTS (SELECT 1 FROM added a JOIN subsidy_held_line h
                    ON h.run_id = a.run_id AND h.number = a.number AND h.put_back_at IS NULL)
       OR EXISTS (SELECT 1 FROM added a JOIN finding_line n ON n.run_id = a.run_id AND n.number = a.number
                    JOIN finding f ON f.id = n.finding_id AND f.state IN ('open', 'true')
                     AND f.kind = ANY (blocking_finding_kinds())) THEN
        RAISE EXCEPTION 'a line is not to be paid' USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_line_is_payable';
    END IF;
    IF EXISTS (SELECT 1 FROM added a JOIN subsidy_payment p ON p.id = a.payment_id
                 JOIN subsidy_batch b ON b.id = p.batch_id WHERE b.digest IS NOT NULL OR NOT a.is_live) THEN
        RAISE EXCEPTION 'a sealed batch takes nothing more'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_batch_is_sealed';
    END IF;
    RETURN NULL;
END $$;

-- A correction stands on a run that stands: while there is one, its run is not let go.
CREATE FUNCTION keep_corrected() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM 1 FROM subsidy_run WHERE id = NEW.of_run_id AND stage <> 'discarded' FOR SHARE;
        IF FOUND THEN
            RETURN NEW;
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM subsidy_run r WHERE r.of_run_id = NEW.id AND r.kind = 'difference'
                         AND r.stage <> 'discarded') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a correction stands on what stands'
          USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_has_no_correction';
END $$;
CREATE TRIGGER stands_on_a_run BEFORE INSERT ON subsidy_run FOR EACH ROW WHEN (NEW.kind = 'difference')
    EXECUTE FUNCTION keep_corrected();
CREATE TRIGGER has_no_correction BEFORE UPDATE OF stage ON subsidy_run FOR EACH ROW
    WHEN (NEW.stage = 'discarded' AND OLD.stage <> 'discarded') EXECUTE FUNCTION keep_corrected();

-- Which device somebody was signed in on, for those at work: a sign-in itself is its owner's alone.
CREATE FUNCTION device_of_sign_in(p_sign_in bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT device_label FROM sign_in WHERE id = p_sign_in AND (seen_staff() IS NOT NULL OR sees_all())
$$;
GRANT EXECUTE ON FUNCTION is_in_question(bigint, integer), blocking_finding_kinds(), device_of_sign_in(bigint)
    TO yinling_app;

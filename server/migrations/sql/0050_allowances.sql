-- What a caregiver is entitled to, and claims, is for the caregiver, for the home they work at, and for
-- offices over it.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['caregiver_entitlement', 'allowance_claim'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' (SELECT sees_all()) OR site_id IN (SELECT kept_sites())'
                       ' OR caregiver_id = (SELECT own_caregiver()))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['caregiver_entitlement', 'allowance_claim', 'allowance_claim_line'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
END $$;
ALTER TABLE allowance_claim_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON allowance_claim_line USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM allowance_claim c WHERE c.id = claim_id));

-- An entitlement is never rewritten: another takes its place, and it is marked once.
GRANT SELECT, INSERT ON caregiver_entitlement, allowance_claim, allowance_claim_line TO yinling_app;
GRANT UPDATE (superseded_at) ON caregiver_entitlement TO yinling_app;
GRANT UPDATE (amount_fen, period, missing, state, handed_in_at, handed_in_by, handed_in_account, decided_at,
    decided_by, words) ON allowance_claim TO yinling_app;
GRANT UPDATE (is_live) ON allowance_claim_line TO yinling_app;

CREATE FUNCTION keep_superseded() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.superseded_at IS NOT NULL THEN
        RAISE EXCEPTION 'what was superseded stays so' USING ERRCODE = '23514', CONSTRAINT = 'superseded_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER superseded_once BEFORE UPDATE ON caregiver_entitlement
    FOR EACH ROW EXECUTE FUNCTION keep_superseded();

-- What was accepted or withdrawn is over.
CREATE FUNCTION keep_claim() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.state IN ('accepted', 'withdrawn') THEN
        RAISE EXCEPTION 'this claim is closed' USING ERRCODE = '23514', CONSTRAINT = 'claim_is_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_is_closed BEFORE UPDATE ON allowance_claim FOR EACH ROW EXECUTE FUNCTION keep_claim();

-- A line of a claim is a period that holds now, with its own amount; it is let go only while the claim is open.
CREATE FUNCTION keep_claim_line() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM allowance_claim c WHERE c.id = NEW.claim_id AND c.state = 'accepted') THEN
        RAISE EXCEPTION 'this claim is closed' USING ERRCODE = '23514', CONSTRAINT = 'claim_is_closed';
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
           SELECT 1 FROM caregiver_entitlement e JOIN allowance_claim c ON c.id = NEW.claim_id
            WHERE e.id = NEW.entitlement_id AND e.state = 'entitled' AND e.superseded_at IS NULL
              AND e.caregiver_id = NEW.caregiver_id AND e.caregiver_id = c.caregiver_id
              AND e.programme = NEW.programme AND e.programme = c.programme
              AND e.period = NEW.period AND e.amount_fen = NEW.amount_fen) THEN
        RAISE EXCEPTION 'nothing is claimed without a right to it'
              USING ERRCODE = '23514', CONSTRAINT = 'claimed_by_right';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_line_is_true BEFORE INSERT OR UPDATE ON allowance_claim_line
    FOR EACH ROW EXECUTE FUNCTION keep_claim_line();

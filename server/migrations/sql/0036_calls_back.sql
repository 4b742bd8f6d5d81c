-- Whom the county rings up is the county's: a provider that knew would ring first. A sample is known to
-- offices over all of its place, a call to those who know its sample.
ALTER TABLE call_sample ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON call_sample USING (
    (SELECT sees_all()) OR lies_under(prefix, (SELECT seen_prefixes())));
ALTER TABLE call_back ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON call_back USING (
    (SELECT sees_all()) OR sample_id IN (SELECT s.id FROM call_sample s));
ALTER TABLE call_try ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON call_try USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM call_back c WHERE c.id = call_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON call_sample FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON call_back FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON call_try FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON call_back FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- What was drawn stays as it was drawn; a result is written once.
GRANT SELECT, INSERT ON call_sample, call_back, call_try TO yinling_app;
GRANT UPDATE (state, tries, again_at, held_by, held_until, answers, result) ON call_back TO yinling_app;
GRANT UPDATE (ended_at, outcome) ON call_try TO yinling_app;

CREATE FUNCTION keep_call_settled() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'what was said on the phone is not said anew'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_call_back_settled_once';
END $$;
CREATE TRIGGER settled_once BEFORE UPDATE OF state, answers, result ON call_back FOR EACH ROW
    WHEN (OLD.state = 'settled') EXECUTE FUNCTION keep_call_settled();

-- A complaint has its day, and may be handed on.
GRANT UPDATE (due_on, handed_at, handed_by, handed_words) ON care_wish TO yinling_app;
GRANT UPDATE (late_told_of) ON home_bed TO yinling_app;

-- Nobody accepts what their own provider built, whatever other office they hold.
CREATE FUNCTION accepted_by_others() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_day date := (NEW.accepted_at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    IF EXISTS (SELECT 1 FROM home_bed h
                 JOIN site own ON own.id = h.site_id
                 JOIN site s ON s.id = own.id OR s.provider_id = own.provider_id
                 JOIN staff_role r ON r.site_id = s.id
                WHERE h.id = NEW.home_bed_id AND r.staff_id = NEW.staff_id
                  AND r.starts_on <= v_day AND (r.ends_on IS NULL OR r.ends_on > v_day)) THEN
        RAISE EXCEPTION 'nobody accepts what their own provider built'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_home_bed_acceptance_by_others';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accepted_by_others BEFORE INSERT ON home_bed_acceptance FOR EACH ROW
    EXECUTE FUNCTION accepted_by_others();

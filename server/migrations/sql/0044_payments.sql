-- A payment is known to the elder, to whoever acts for them, to the site it is for and to the offices
-- over either; only the platform, and the site that gives money back, moves it on.
ALTER TABLE payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON payment USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR is_in_reach(resident_id));
CREATE POLICY moved_here ON payment AS RESTRICTIVE FOR UPDATE
    USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

ALTER TABLE payment_refund ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON payment_refund USING (EXISTS (SELECT 1 FROM payment p WHERE p.id = payment_id));
CREATE POLICY asked_here ON payment_refund AS RESTRICTIVE FOR INSERT WITH CHECK (
    (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM payment p WHERE p.id = payment_id AND p.site_id IN (SELECT kept_sites())));

-- What providers tell is the platform's, and the city's own offices look at it.
ALTER TABLE payment_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON payment_notice USING (
    (SELECT sees_all()) OR lies_under(substr(current_schema(), 6), (SELECT seen_prefixes())));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON payment FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON payment_refund FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON payment_notice FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON payment_day FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- What was asked for, and how much went back, is nobody's to write.
GRANT SELECT, INSERT ON payment, payment_refund, payment_notice, payment_day TO yinling_app;
GRANT UPDATE (state, pay_url, transaction_number, paid_at, closed_for) ON payment TO yinling_app;
GRANT UPDATE (state, ended_at, provider_number) ON payment_refund TO yinling_app;
GRANT UPDATE (times) ON payment_notice TO yinling_app;

-- Steps lead on, as in server/payments/steps.py: what was paid is never unpaid again.
CREATE FUNCTION keep_payment_steps() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (OLD.state, NEW.state) NOT IN (
           ('opened', 'waiting'), ('opened', 'paid'), ('waiting', 'paid'), ('refused', 'paid'),
           ('expired', 'paid'), ('opened', 'refused'), ('waiting', 'refused'),
           ('opened', 'expired'), ('waiting', 'expired'), ('paid', 'returned')) THEN
        RAISE EXCEPTION 'a payment does not go from % to %', OLD.state, NEW.state
              USING ERRCODE = '23514', CONSTRAINT = 'payment_only_goes_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "A_payment_only_goes_on" BEFORE UPDATE OF state ON payment FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION keep_payment_steps();

-- How much of a payment goes back is counted here, and ck_payment_refunded_within_amount holds it.
CREATE FUNCTION count_payment_refund() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE payment SET refunded_fen = refunded_fen
           + CASE WHEN NEW.state = 'failed' THEN 0 ELSE NEW.amount_fen END
           - CASE WHEN TG_OP = 'INSERT' OR OLD.state = 'failed' THEN 0 ELSE OLD.amount_fen END
     WHERE id = NEW.payment_id;
    RETURN NULL;
END $$;
CREATE TRIGGER count_payment_refund AFTER INSERT OR UPDATE OF state ON payment_refund
    FOR EACH ROW EXECUTE FUNCTION count_payment_refund();

-- A card is given to and taken from whom the counter or the office may know.
DROP POLICY seen ON meal_card;
CREATE POLICY seen ON meal_card USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id))
    WITH CHECK ((SELECT sees_all()) OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id));
CREATE POLICY given_by_staff ON meal_card AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT sees_all()) OR (SELECT seen_staff()) IS NOT NULL);
CREATE POLICY lost_by_staff ON meal_card AS RESTRICTIVE FOR UPDATE
    USING ((SELECT sees_all()) OR (SELECT seen_staff()) IS NOT NULL);

-- What somebody is entitled to, and what is left of it, is known to the person, to whoever acts for them,
-- and to offices over the village. A provider is told the split of an order, and nothing else.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['care_entitlement', 'care_allowance', 'care_allowance_entry'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' resident_id = ANY ((SELECT seen_residents())::bigint[])'
                       ' OR (SELECT sees_all()) OR is_in_reach(resident_id))', v_table);
    END LOOP;
END $$;

-- An order is known to the same, and to its provider with the offices over it.
ALTER TABLE care_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_order USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
);

-- Whom a checker calls on is the offices' business: a provider that knew would be there.
ALTER TABLE care_order_draw ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_order_draw USING (
    (SELECT sees_all()) OR lies_under(county_code, (SELECT seen_prefixes())));
ALTER TABLE care_order_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON care_order_check USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM care_order_draw d WHERE d.id = draw_id));

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['care_entitlement', 'care_allowance', 'care_allowance_entry', 'care_order',
                                   'care_order_draw', 'care_order_check'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['care_entitlement', 'care_allowance', 'care_allowance_entry', 'care_order',
                                   'care_order_check'] LOOP
        EXECUTE format('CREATE TRIGGER not_of_a_merged BEFORE INSERT ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged()', v_table);
    END LOOP;
END $$;

-- Whose it is, what it costs and how it was split never change. What is used of an amount is counted by the
-- trigger below alone: the application may not touch it, nor write a line of the ledger.
GRANT SELECT, INSERT ON care_entitlement, care_allowance, care_order, care_order_draw, care_order_check TO yinling_app;
GRANT SELECT ON care_allowance_entry TO yinling_app;
GRANT UPDATE (state, starts_on, decided_at, decided_by, note, ended_on, end_reason) ON care_entitlement TO yinling_app;
GRANT UPDATE (state, visit_id, closed_at, cancel_reason) ON care_order TO yinling_app;
GRANT UPDATE (result, note, photo_file_id, checked_at, checked_by) ON care_order_check TO yinling_app;

-- What is closed stays closed; what is redeemed was proved and confirmed, in a month that is open; and an
-- amount pays for its own person and month, out of its own pot.
CREATE FUNCTION keep_order_true() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'this order is closed' USING ERRCODE = '23514', CONSTRAINT = 'order_is_closed';
    END IF;
    IF NEW.closed_at IS NULL OR NEW.state = 'redeemed' THEN
        IF is_month_closed(NEW.site_id, NEW.service_on) THEN
            RAISE EXCEPTION 'this month is closed' USING ERRCODE = '23514', CONSTRAINT = 'month_is_open';
        END IF;
    END IF;
    IF NEW.state = 'redeemed' AND NOT EXISTS (
           SELECT 1 FROM visit_proof p JOIN care_visit v ON v.id = p.visit_id
            WHERE v.id = NEW.visit_id AND v.resident_id = NEW.resident_id AND p.superseded_at IS NULL
              AND p.left_at IS NOT NULL AND p.confirmed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing is redeemed without a proof'
              USING ERRCODE = '23514', CONSTRAINT = 'redeemed_on_a_proof';
    END IF;
    IF TG_OP = 'INSERT' AND EXISTS (
           SELECT 1 FROM care_allowance a
            WHERE a.id IN (NEW.purchased_id, NEW.voucher_id)
              AND (a.resident_id <> NEW.resident_id
                   OR a.month <> date_trunc('month', NEW.service_on)::date
                   OR a.programme <> CASE a.id WHEN NEW.purchased_id THEN 'purchased' ELSE 'voucher' END)) THEN
        RAISE EXCEPTION 'an amount pays for its own person and month'
              USING ERRCODE = '23514', CONSTRAINT = 'amount_is_its_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_is_true BEFORE INSERT OR UPDATE OF state ON care_order
    FOR EACH ROW EXECUTE FUNCTION keep_order_true();

-- What an order reserves, frees and redeems, added to its amounts and written into the ledger. The check on
-- the amount refuses whoever comes second, however many come at once.
CREATE FUNCTION count_use(p_allowance bigint, p_order bigint, p_resident bigint, p_kind text, p_fen int, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF p_allowance IS NULL OR p_fen = 0 THEN
        RETURN;
    END IF;
    UPDATE care_allowance SET
           reserved_fen = reserved_fen + CASE p_kind WHEN 'reserved' THEN p_fen ELSE -p_fen END,
           redeemed_fen = redeemed_fen + CASE p_kind WHEN 'redeemed' THEN p_fen ELSE 0 END
     WHERE id = p_allowance;
    INSERT INTO care_allowance_entry (allowance_id, order_id, resident_id, kind, amount_fen, at)
    VALUES (p_allowance, p_order, p_resident, p_kind, p_fen, p_at);
END $$;
REVOKE EXECUTE ON FUNCTION count_use FROM PUBLIC;

CREATE FUNCTION spend_on_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_kind text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        v_kind := 'reserved';
    ELSIF NEW.state = OLD.state OR NEW.state NOT IN ('redeemed', 'cancelled', 'lapsed') THEN
        RETURN NULL;
    ELSE
        v_kind := CASE NEW.state WHEN 'redeemed' THEN 'redeemed' ELSE 'freed' END;
    END IF;
    PERFORM count_use(NEW.purchased_id, NEW.id, NEW.resident_id, v_kind, NEW.purchased_fen,
                      coalesce(NEW.closed_at, NEW.ordered_at));
    PERFORM count_use(NEW.voucher_id, NEW.id, NEW.resident_id, v_kind, NEW.voucher_fen,
                      coalesce(NEW.closed_at, NEW.ordered_at));
    RETURN NULL;
END $$;
CREATE TRIGGER spend AFTER INSERT OR UPDATE OF state ON care_order FOR EACH ROW EXECUTE FUNCTION spend_on_order();

-- A visit that was ordered stays in the month that pays for it, whoever moves it.
CREATE FUNCTION keep_month_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM care_order o WHERE o.visit_id = NEW.id AND o.closed_at IS NULL) THEN
        RAISE EXCEPTION 'an order keeps its month' USING ERRCODE = '23514', CONSTRAINT = 'order_keeps_its_month';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_keeps_its_month BEFORE UPDATE OF service_on ON care_visit FOR EACH ROW
    WHEN (date_trunc('month', OLD.service_on) <> date_trunc('month', NEW.service_on))
    EXECUTE FUNCTION keep_month_of_order();

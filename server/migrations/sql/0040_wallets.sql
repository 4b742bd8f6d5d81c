-- An elder's money at a canteen is known to the elder, to whoever acts for them, to the canteen that
-- holds it and to the offices over either; written by the canteen, or asked for by the elder's side.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['wallet', 'wallet_entry', 'wallet_request'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' resident_id = ANY ((SELECT seen_residents())::bigint[])'
                       ' OR (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR is_in_reach(resident_id))', v_table);
        EXECUTE format('CREATE TRIGGER not_of_a_merged BEFORE INSERT ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged()', v_table);
    END LOOP;
    EXECUTE 'ALTER TABLE cash_count ENABLE ROW LEVEL SECURITY';
    EXECUTE 'CREATE POLICY seen ON cash_count USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()))';
    FOREACH v_table IN ARRAY ARRAY['wallet', 'wallet_entry', 'wallet_request', 'cash_count'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
END $$;

-- A line of a statement is only written by who may post into the ledger of that canteen.
CREATE POLICY written_here ON wallet_entry AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

-- A balance is counted by the ledger alone; `opened_at` may be written so that a wallet can be held.
GRANT SELECT, INSERT ON wallet, wallet_entry, wallet_request, cash_count TO yinling_app;
GRANT UPDATE (opened_at) ON wallet TO yinling_app;
GRANT UPDATE (state, decided_by, decided_at, note) ON wallet_request TO yinling_app;
GRANT UPDATE (paid_how, paid_at, paid_to) ON booking TO yinling_app;

CREATE FUNCTION fill_wallet() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_subject text;
BEGIN
    SELECT a.subject INTO v_subject FROM ledger_account a
     WHERE a.id = NEW.account_id AND a.kind = 'prepaid' AND a.subject LIKE 'wallet:%';
    IF FOUND THEN
        UPDATE wallet SET balance_fen = balance_fen - NEW.amount_fen
         WHERE id = substr(v_subject, 8)::bigint AND site_id = NEW.site_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no wallet %', v_subject
                  USING ERRCODE = '23514', CONSTRAINT = 'posted_to_a_wallet';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fill_wallet AFTER INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION fill_wallet();

-- What the city adds on a day is never more than the day has: whoever comes second waits for the first,
-- and sees it. Only meals under such a limit pay for that.
CREATE FUNCTION keep_day_of_subsidy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_given bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(
        format('subsidy-day:%s:%s:%s', current_schema(), NEW.resident_id, NEW.service_on), 0));
    SELECT coalesce(sum(b.subsidy_fen), 0) INTO v_given FROM booking b
     WHERE b.resident_id = NEW.resident_id AND b.service_on = NEW.service_on
       AND b.status <> 'cancelled' AND b.id <> NEW.id;
    IF v_given + NEW.subsidy_fen > NEW.subsidy_day_fen THEN
        RAISE EXCEPTION 'the day has no more than % fen', NEW.subsidy_day_fen
              USING ERRCODE = '23514', CONSTRAINT = 'subsidy_within_the_day';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER "A_day_of_subsidy" BEFORE INSERT ON booking FOR EACH ROW
    WHEN (NEW.subsidy_day_fen IS NOT NULL AND NEW.subsidy_fen > 0 AND NEW.status <> 'cancelled')
    EXECUTE FUNCTION keep_day_of_subsidy();
CREATE TRIGGER "A_day_of_subsidy_again" BEFORE UPDATE OF status ON booking FOR EACH ROW
    WHEN (NEW.subsidy_day_fen IS NOT NULL AND NEW.subsidy_fen > 0
          AND OLD.status = 'cancelled' AND NEW.status <> 'cancelled')
    EXECUTE FUNCTION keep_day_of_subsidy();

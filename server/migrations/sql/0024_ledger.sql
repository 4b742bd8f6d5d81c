-- Money of a stay is known where the stay is kept; a contract and a bill to whoever sees the stay.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['ledger_account', 'ledger_posting', 'ledger_entry'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['contract', 'stay_bill'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING (EXISTS (SELECT 1 FROM stay s WHERE s.id = stay_id))'
                       ' WITH CHECK ((SELECT sees_all()) OR EXISTS ('
                       'SELECT 1 FROM stay s WHERE s.id = stay_id AND is_kept_here(s.site_id)))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['ledger_account', 'ledger_posting', 'ledger_entry', 'contract', 'stay_bill'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
END $$;

-- Nothing posted, agreed or billed is ever rewritten.
GRANT SELECT, INSERT ON ledger_account, ledger_posting, ledger_entry, contract, stay_bill TO yinling_app;

-- At the end of a transaction every posting has its entries, and they sum to nought.
CREATE FUNCTION check_posting(posting bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_entries bigint;
    v_sum numeric;
BEGIN
    SELECT count(*), coalesce(sum(amount_fen), 0) INTO v_entries, v_sum
      FROM ledger_entry WHERE posting_id = posting;
    IF v_entries < 2 OR v_sum <> 0 THEN
        RAISE EXCEPTION 'posting % has % entries that sum to %', posting, v_entries, v_sum
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entries_sum_to_nought';
    END IF;
END $$;
REVOKE ALL ON FUNCTION check_posting(bigint) FROM PUBLIC;

CREATE FUNCTION check_posting_of_entry() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM check_posting(NEW.posting_id);
    RETURN NULL;
END $$;

CREATE FUNCTION check_posting_itself() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM check_posting(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ck_ledger_entry_sums_to_nought AFTER INSERT OR UPDATE ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_of_entry();
CREATE CONSTRAINT TRIGGER ck_ledger_posting_has_entries AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_posting_itself();

-- One line of the trail for every changed row, below the ORM. Arguments of the trigger:
-- the columns of the row's key, and the columns (ciphers) that the trail must not repeat.
-- The line says itself who acted, so that whatever seals the lines seals the acts with them.
CREATE FUNCTION write_trail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_context jsonb := entered();
    v_act bigint := (v_context ->> 'act')::bigint;
    v_hidden text[] := string_to_array(coalesce(TG_ARGV[1], ''), ',');
    v_old jsonb;
    v_new jsonb;
    v_row jsonb;
    v_key text;
BEGIN
    IF v_act IS NULL THEN
        RAISE EXCEPTION 'a change of % without an act', TG_TABLE_NAME USING ERRCODE = 'YL001';
    END IF;
    IF TG_OP <> 'INSERT' THEN v_old := to_jsonb(OLD) - v_hidden; END IF;
    IF TG_OP <> 'DELETE' THEN v_new := to_jsonb(NEW) - v_hidden; END IF;

    v_row := coalesce(v_new, v_old);
    SELECT string_agg(v_row ->> k, '/' ORDER BY n) INTO v_key
      FROM unnest(string_to_array(TG_ARGV[0], ',')) WITH ORDINALITY AS c(k, n);

    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, v_row -> o.key)
          INTO v_old, v_new
          FROM jsonb_each(v_old) AS o WHERE v_row -> o.key IS DISTINCT FROM o.value;
        IF v_new IS NULL THEN RETURN NULL; END IF;
    END IF;

    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    VALUES (v_act, pg_current_xact_id(), TG_TABLE_NAME, v_key,
            jsonb_build_object('act', v_act, 'who', v_context -> 'who', 'table', TG_TABLE_NAME,
                               'key', v_key, 'op', TG_OP, 'old', v_old, 'new', v_new)::text);
    RETURN NULL;
END $$;

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON provider FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON parameter FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON sign_in FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'token_digest');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staff FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'password_hash');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON staff_role FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON resident FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'id_number_cipher');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON hardship_period FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON resident_grant FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON care_link FOR EACH ROW EXECUTE FUNCTION write_trail('resident_id,site_id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON canteen FOR EACH ROW EXECUTE FUNCTION write_trail('site_id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON booking FOR EACH ROW EXECUTE FUNCTION write_trail('id');
-- A sitting's trail leaves out `booked`: each booking's own line already says it.
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF canteen_id, service_on, meal, capacity, serves_from,
    serves_until, cutoff_at, list_price_fen, published_at, closed_at
    ON sitting FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'booked');

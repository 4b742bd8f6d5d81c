-- One person who was entered twice. Rows go from one resident to another by one door alone, and only
-- between two that are merged: nobody's booking, level or departure can otherwise change its person.

-- Everybody whose history this resident carries: itself, and all who were merged into it.
CREATE FUNCTION twins_of(p_resident bigint) RETURNS bigint[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH RECURSIVE twin AS (
        SELECT p_resident AS id
        UNION SELECT r.id FROM resident r JOIN twin ON r.merged_into_id = twin.id)
    SELECT array_agg(id ORDER BY id) FROM twin
$$;

-- The resident under whose number this one is kept now: itself, unless it was merged.
CREATE FUNCTION kept_of(p_resident bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH RECURSIVE line AS (
        SELECT id, merged_into_id FROM resident WHERE id = p_resident
        UNION SELECT r.id, r.merged_into_id FROM resident r JOIN line ON r.id = line.merged_into_id)
    SELECT id FROM line WHERE merged_into_id IS NULL
$$;

CREATE FUNCTION are_merged(p_one bigint, p_other bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM resident r
                    WHERE (r.id = p_one AND r.merged_into_id = p_other)
                       OR (r.id = p_other AND r.merged_into_id = p_one))
$$;

-- Moves the rows of a table from one resident to its twin and answers with the rest of their keys.
-- Only a column that refers to a resident can be named; `p_keys` narrows it to these rows. It asks
-- for the platform's reach, which the application takes for consequences alone.
CREATE FUNCTION move_to_twin(p_table text, p_column text, p_from bigint, p_to bigint, p_keys jsonb DEFAULT NULL)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_table regclass;
    v_key text;
    v_moved jsonb;
BEGIN
    IF NOT sees_all() OR NOT are_merged(p_from, p_to) THEN
        RAISE EXCEPTION 'rows move between merged residents alone' USING ERRCODE = 'YL005';
    END IF;
    SELECT c.conrelid INTO v_table
      FROM pg_constraint c
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
     WHERE c.contype = 'f' AND c.confrelid = 'resident'::regclass
       AND c.conrelid = to_regclass(quote_ident(p_table)) AND a.attname = p_column;
    IF v_table IS NULL THEN
        RAISE EXCEPTION '%.% does not refer to a resident', p_table, p_column USING ERRCODE = 'YL005';
    END IF;
    SELECT format('jsonb_build_array(%s)', string_agg(format('held.%I', a.attname), ', ' ORDER BY k.place))
      INTO v_key
      FROM pg_index i
      CROSS JOIN unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = v_table AND i.indisprimary AND a.attname <> p_column;

    EXECUTE format(
        'WITH moved AS (
             UPDATE %s AS held SET %I = $1
              WHERE held.%I = $2
                AND ($3 IS NULL OR EXISTS (SELECT 1 FROM jsonb_array_elements($3) AS e WHERE e = %s))
             RETURNING %s AS key)
         SELECT coalesce(jsonb_agg(key ORDER BY key), ''[]'') FROM moved',
        v_table, p_column, p_column, v_key, v_key)
       INTO v_moved USING p_to, p_from, p_keys;
    RETURN v_moved;
END $$;

-- As in 0015, and besides: an assessment that was handed in may go to the twin of its person.
CREATE OR REPLACE FUNCTION guard_assessment() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    v_of_the_review text[] := '{status,reviewed_by,reviewed_at,note_cipher,note_digest,figures,starts_on,ends_on}';
    v_staff bigint := seen_staff();
    v_is_open boolean := TG_OP = 'UPDATE' AND OLD.status IN ('draft', 'returned');
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT sees_all() AND (NEW.assessor_id IS DISTINCT FROM v_staff OR NEW.status <> 'draft') THEN
            RAISE EXCEPTION 'an assessment begins as a draft of its assessor' USING ERRCODE = 'YL004';
        END IF;
        RETURN NEW;
    END IF;

    IF NEW.resident_id <> OLD.resident_id AND are_merged(OLD.resident_id, NEW.resident_id)
        AND (to_jsonb(NEW) - 'resident_id') = (to_jsonb(OLD) - 'resident_id')
    THEN
        RETURN NEW;
    END IF;
    -- A departure was a mistake: what it withdrew or ended is as it was before. Only the platform's key
    -- opens this, for somebody who is still reported gone, and nothing but the state or the end may differ.
    IF sees_all() AND EXISTS (
        SELECT 1 FROM resident r
         WHERE r.id = NEW.resident_id AND num_nonnulls(r.died_on, r.moved_away_on) > 0) AND (
        OLD.status = 'withdrawn' AND NEW.status IN ('draft', 'submitted', 'returned')
            AND (to_jsonb(NEW) - 'status') = (to_jsonb(OLD) - 'status')
        OR OLD.status = 'confirmed' AND (to_jsonb(NEW) - 'ends_on') = (to_jsonb(OLD) - 'ends_on'))
    THEN
        RETURN NEW;
    END IF;

    IF (OLD.status || '>' || NEW.status) NOT IN (
        'draft>draft', 'draft>submitted', 'draft>withdrawn',
        'submitted>returned', 'submitted>confirmed', 'submitted>withdrawn',
        'returned>returned', 'returned>submitted', 'returned>withdrawn', 'confirmed>confirmed')
    THEN
        RAISE EXCEPTION 'an assessment that is % does not become %', OLD.status, NEW.status USING ERRCODE = 'YL004';
    END IF;
    IF OLD.status = 'confirmed' AND (NEW.ends_on > OLD.ends_on
        OR (to_jsonb(NEW) - 'ends_on') IS DISTINCT FROM (to_jsonb(OLD) - 'ends_on'))
    THEN
        RAISE EXCEPTION 'a confirmed assessment only ends sooner' USING ERRCODE = 'YL004';
    END IF;
    IF NOT v_is_open AND (to_jsonb(NEW) - v_of_the_review) IS DISTINCT FROM (to_jsonb(OLD) - v_of_the_review) THEN
        RAISE EXCEPTION 'the result of an assessment that was handed in stands' USING ERRCODE = 'YL004';
    END IF;

    IF NOT sees_all() AND v_is_open AND NEW.status <> 'withdrawn' AND OLD.assessor_id IS DISTINCT FROM v_staff THEN
        RAISE EXCEPTION 'an assessment is filled in by its assessor' USING ERRCODE = 'YL004';
    END IF;
    IF NOT sees_all() AND OLD.status = 'submitted' AND NEW.status IN ('returned', 'confirmed')
        AND NEW.reviewed_by IS DISTINCT FROM v_staff
    THEN
        RAISE EXCEPTION 'a review is signed by whoever reviews' USING ERRCODE = 'YL004';
    END IF;
    RETURN NEW;
END $$;

-- A pair, and what becomes of it, is for whoever works for both of the two.
ALTER TABLE possible_duplicate ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON possible_duplicate USING (
    (SELECT sees_all()) OR is_in_reach(one_id) AND is_in_reach(other_id));

ALTER TABLE resident_merge ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON resident_merge USING (
    (SELECT sees_all()) OR is_in_reach(kept_id) AND is_in_reach(merged_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON possible_duplicate
    FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON resident_merge
    FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Who is meant never changes; what is decided does.
GRANT SELECT, INSERT ON possible_duplicate, resident_merge TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by, reason) ON possible_duplicate TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by, note, journal, undone_at, undone_by, undo_reason)
    ON resident_merge TO yinling_app;

-- Whoever looks into a finding says what it came to; what it rests on stays.
GRANT UPDATE (owner_id, taken_at, due_on, note, settled_at) ON finding TO yinling_app;

-- Nothing new is written about somebody who was merged: whoever began before the merge held waits
-- here for it, and runs again from the top, where it finds who is kept. Taking a meal looks for
-- itself, in its own statement (server/meals/service.py).
CREATE FUNCTION keep_out_of_merged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM resident r WHERE r.id = NEW.resident_id AND r.merged_into_id IS NULL FOR KEY SHARE;
    IF NOT FOUND AND EXISTS (SELECT 1 FROM resident r WHERE r.id = NEW.resident_id) THEN
        RAISE EXCEPTION 'this resident was merged into another' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER not_of_a_merged BEFORE INSERT ON hardship_period FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON special_care_period FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON resident_grant FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON opening FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON assessment FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON departure FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON finding FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON hukou FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON disability_certificate FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON guardianship FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON care_insurance FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON payee_account FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON identity_document FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON resident_contact FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON file FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

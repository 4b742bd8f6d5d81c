-- What may be put up in homes is a published list that the city keeps. The seven basic items: 民政部等九部委
-- 2020 (S78). Nobody has published ceilings or the names of the optional ones: the city says them.
INSERT INTO renovation_item (code, name_zh, name_en, is_basic, is_offered, starts_on, document, clause) VALUES
    ('anti_slip', '地面防滑', 'Floor that does not slip', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('ramp', '轮椅坡道', 'Wheelchair ramp', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('bed_rail', '床边护栏', 'Rail at the bed', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('cane', '手杖', 'Walking stick', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('shower_chair', '淋浴椅', 'Shower chair', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('grab_bar', '扶手', 'Grab bar', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类'),
    ('anti_lost', '防走失装置', 'Tracker against getting lost', true, true, DATE '2020-01-01',
     '民政部等九部委 关于加快实施老年人居家适老化改造工程的指导意见 (2020)', '基础类');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON renovation_item FOR EACH ROW EXECUTE FUNCTION write_trail('id');
GRANT SELECT, INSERT ON renovation_item TO yinling_app;

-- A renovation is known to the person, to whoever acts for them, to the contractor named for it, and to
-- offices over the contractor's place or over the village. What is written down of it, to the same.
ALTER TABLE renovation ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON renovation USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR site_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id)
);
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['renovation_move', 'renovation_need', 'renovation_photo', 'renovation_quote',
                                   'renovation_acceptance'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING (EXISTS ('
                       ' SELECT 1 FROM renovation n WHERE n.id = renovation_id))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['renovation', 'renovation_move', 'renovation_need', 'renovation_photo',
                                   'renovation_quote', 'renovation_quote_line', 'renovation_acceptance'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
END $$;
ALTER TABLE renovation_quote_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON renovation_quote_line USING (
    EXISTS (SELECT 1 FROM renovation_quote q WHERE q.id = quote_id));
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON renovation FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- Whose home it is, and which, never changes. Quotes and pictures are written once, and superseded.
GRANT SELECT, INSERT ON renovation, renovation_move, renovation_need, renovation_photo, renovation_quote,
    renovation_quote_line, renovation_acceptance TO yinling_app;
GRANT UPDATE (site_id, state, since, due_on, holds, held_until, x, y, surveyed_by, surveyed_at, survey_note, tier,
              cost_fen, grant_fen, own_pay_fen, invoice_ref, finished_on, settled_on, score, rating_words, rated_at,
              ended_on, end_reason, end_note) ON renovation TO yinling_app;
GRANT DELETE ON renovation_need TO yinling_app;
GRANT UPDATE (superseded_at) ON renovation_photo, renovation_acceptance TO yinling_app;
GRANT UPDATE (state, decided_at) ON renovation_quote TO yinling_app;

-- Who knows a renovation sees its pictures; they are put in by the office that looks at the home, or by
-- the contractor, whose place stands in the file.
ALTER POLICY seen ON file USING (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR purpose = 'site_photo'
    OR site_id IS NOT NULL AND is_kept_here(site_id)
    OR purpose = 'renovation_photo' AND EXISTS (SELECT 1 FROM renovation_photo f WHERE f.file_id = file.id)
);

-- Has the city seen this picture before, whatever it was given for? The same bytes, or so few bits apart.
-- Answers a number alone, so that nobody learns whose picture it was.
CREATE FUNCTION picture_like(p_file bigint, p_bits int) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT o.id FROM file n JOIN file o ON o.id < n.id
     WHERE n.id = p_file AND o.kind = 'photo'
       AND (o.sha256 = n.sha256 OR bit_count((o.perceptual_hash # n.perceptual_hash)::bit(64)) <= p_bits)
     ORDER BY o.sha256 = n.sha256 DESC, o.id
     LIMIT 1
$$;

-- What a quote comes to is the sum of its lines, when the transaction ends.
CREATE FUNCTION quote_is_its_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.cost_fen IS DISTINCT FROM (SELECT sum(l.sum_fen) FROM renovation_quote_line l WHERE l.quote_id = NEW.id) THEN
        RAISE EXCEPTION 'a quote is the sum of its lines'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_renovation_quote_is_its_lines';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER is_its_lines AFTER INSERT ON renovation_quote DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION quote_is_its_lines();

-- Nothing is settled that two different people have not accepted; and what is settled stands as it is,
-- but for the elder's word on it and the years it holds its home.
CREATE FUNCTION keep_renovation() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.state <> 'settled' THEN
        IF (SELECT count(DISTINCT a.staff_id) FROM renovation_acceptance a
             WHERE a.renovation_id = NEW.id AND a.superseded_at IS NULL) < 2 THEN
            RAISE EXCEPTION 'two different people accept a renovation before it is settled'
                  USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_renovation_accepted_by_two';
        END IF;
    ELSIF (NEW.state, NEW.site_id, NEW.tier, NEW.cost_fen, NEW.grant_fen, NEW.own_pay_fen, NEW.invoice_ref,
           NEW.settled_on, NEW.held_until)
          IS DISTINCT FROM (OLD.state, OLD.site_id, OLD.tier, OLD.cost_fen, OLD.grant_fen, OLD.own_pay_fen,
                            OLD.invoice_ref, OLD.settled_on, OLD.held_until) THEN
        RAISE EXCEPTION 'what is settled stays as it is'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_renovation_settled_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_renovation BEFORE UPDATE ON renovation FOR EACH ROW
    WHEN (OLD.state = 'settled' OR NEW.state = 'settled') EXECUTE FUNCTION keep_renovation();

-- A bed at home built after a subsidised renovation gets the smaller grant (S21): whether there was one is
-- not asked of whoever builds. It counts from the day on which the elder said yes. The person is held
-- first, as everybody does who takes a step of either.
CREATE FUNCTION know_the_renovation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM resident r WHERE r.id = NEW.resident_id FOR NO KEY UPDATE;
    NEW.is_after_renovation := NEW.is_after_renovation OR EXISTS (
        SELECT 1 FROM renovation n WHERE n.resident_id = NEW.resident_id AND n.grant_fen > 0
           AND n.state IN ('building', 'acceptance', 'settled'));
    RETURN NEW;
END $$;
CREATE TRIGGER know_the_renovation BEFORE INSERT OR UPDATE OF is_after_renovation, asks_grant, cost_fen
    ON home_bed_build FOR EACH ROW EXECUTE FUNCTION know_the_renovation();

-- And the other way round: whoever had the full grant for a bed gets none for the same things again.
CREATE FUNCTION know_the_bed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM resident r WHERE r.id = NEW.resident_id FOR NO KEY UPDATE;
    IF NEW.grant_fen > 0 AND EXISTS (
        SELECT 1 FROM home_bed_build b
         WHERE b.resident_id = NEW.resident_id AND b.asks_grant AND NOT b.is_after_renovation) THEN
        RAISE EXCEPTION 'the building of a bed at home was granted in full before'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_renovation_no_double_grant';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER know_the_bed BEFORE UPDATE OF state ON renovation FOR EACH ROW
    WHEN (OLD.state = 'consent' AND NEW.state = 'building') EXECUTE FUNCTION know_the_bed();

-- What subsidies reckon with: accepted renovations, whose amounts nobody can change any more.
CREATE VIEW renovation_fact WITH (security_invoker = true) AS
    SELECT id AS renovation_id, resident_id, site_id, home_key, tier, cost_fen, grant_fen, own_pay_fen,
           invoice_ref, finished_on, settled_on
      FROM renovation WHERE state = 'settled';
GRANT SELECT ON renovation_fact TO yinling_app;

-- Cross-checks of subsidies: more kinds of finding, what is asked back, and the lines a finding speaks of.
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
                   ' , ''subsidy_after_death'', ''subsidy_days_over_beds'''
                   ' , ''subsidy_days_not_in_ledger'', ''subsidy_minutes_not_proved'''
                   ' , ''subsidy_lived_in_a_home'', ''subsidy_days_in_hospital'', ''subsidy_level_differs'''
                   ' , ''subsidy_level_expired'', ''subsidy_level_rose'', ''subsidy_assessor_hurried'''
                   ' , ''subsidy_heads_differ'', ''subsidy_one_signer'', ''subsidy_invoice_twice'''
                   ' , ''subsidy_built_twice'', ''subsidy_meals_unpaid'', ''subsidy_standing_differs'''
                   ' , ''subsidy_caregiver_uninsured'', ''subsidy_two_employers'''
                   ' , ''subsidy_attendance_short'', ''subsidy_certificate_lacking'''
                   ' , ''subsidy_reward_unentitled'', ''subsidy_account_shared'''
                   ' , ''subsidy_account_of_staff'', ''subsidy_close_to_operator'', ''subsidy_assessor_approved'''
                   '))', v_kinds);
END $$;

-- What was true may be asked back before it is closed.
ALTER TABLE finding ADD COLUMN recover_fen bigint;
ALTER TABLE finding DROP CONSTRAINT ck_finding_findingstate;
ALTER TABLE finding ADD CONSTRAINT ck_finding_findingstate
    CHECK (state IN ('open', 'true', 'false_alarm', 'recovering', 'closed', 'withdrawn'));
ALTER TABLE finding DROP CONSTRAINT ck_finding_settled_is_whole;
ALTER TABLE finding ADD CONSTRAINT ck_finding_settled_is_whole CHECK (
    (state IN ('true', 'false_alarm', 'recovering', 'closed')) = (settled_at IS NOT NULL)
    AND (settled_at IS NULL OR note IS NOT NULL AND owner_id IS NOT NULL));
ALTER TABLE finding ADD CONSTRAINT ck_finding_recovers_an_amount CHECK (
    (recover_fen IS NOT NULL OR state <> 'recovering') AND recover_fen > 0
    AND (recover_fen IS NULL OR state IN ('recovering', 'closed')));
GRANT UPDATE (recover_fen) ON finding TO yinling_app;

-- The lines that a finding speaks of: evidence that opens.
CREATE TABLE finding_line (
    finding_id bigint NOT NULL,
    run_id bigint NOT NULL,
    number integer NOT NULL,
    CONSTRAINT pk_finding_line PRIMARY KEY (finding_id, run_id, number),
    CONSTRAINT fk_finding_line_finding_id FOREIGN KEY (finding_id) REFERENCES finding (id),
    CONSTRAINT fk_finding_line_line FOREIGN KEY (run_id, number) REFERENCES subsidy_line (run_id, number)
);
CREATE INDEX ix_finding_line_run_id ON finding_line (run_id, number);
ALTER TABLE finding_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON finding_line USING ((SELECT sees_all()) OR finding_id IN (SELECT id FROM finding));
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON finding_line
    FOR EACH ROW EXECUTE FUNCTION write_trail('finding_id', 'run_id', 'number');
GRANT SELECT, INSERT ON finding_line TO yinling_app;

-- Sums of each run by site and month, kept by its slices: what a city is paid is one look, not ten million lines.
CREATE TABLE subsidy_sum (
    run_id bigint NOT NULL,
    month date NOT NULL,
    site_id bigint NOT NULL,
    lines integer NOT NULL,
    refused integer NOT NULL,
    fen bigint NOT NULL,
    summed_at timestamptz NOT NULL,
    CONSTRAINT pk_subsidy_sum PRIMARY KEY (run_id, month, site_id),
    CONSTRAINT fk_subsidy_sum_run_id FOREIGN KEY (run_id) REFERENCES subsidy_run (id)
);
CREATE INDEX ix_subsidy_sum_month ON subsidy_sum (month) INCLUDE (run_id, fen);
CREATE FUNCTION sum_slice() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO subsidy_sum AS s (run_id, month, site_id, lines, refused, fen, summed_at)
    SELECT l.run_id, l.month, l.site_id, count(*), count(*) FILTER (WHERE l.outcome = 'refused'), sum(l.amount_fen),
           NEW.done_at
      FROM subsidy_line l
     WHERE l.run_id = NEW.run_id AND l.number BETWEEN NEW.first_no AND NEW.last_no
     GROUP BY l.run_id, l.month, l.site_id
     ORDER BY l.run_id, l.month, l.site_id
    ON CONFLICT (run_id, month, site_id) DO UPDATE
       SET lines = s.lines + excluded.lines, refused = s.refused + excluded.refused, fen = s.fen + excluded.fen,
           summed_at = excluded.summed_at;
    RETURN NULL;
END $$;
CREATE TRIGGER sum_slice AFTER INSERT ON subsidy_slice FOR EACH ROW EXECUTE FUNCTION sum_slice();
INSERT INTO subsidy_sum (run_id, month, site_id, lines, refused, fen, summed_at)
SELECT l.run_id, l.month, l.site_id, count(*), count(*) FILTER (WHERE l.outcome = 'refused'), sum(l.amount_fen),
       min(coalesce(r.computed_at, r.made_at))
  FROM subsidy_line l JOIN subsidy_run r ON r.id = l.run_id
 GROUP BY l.run_id, l.month, l.site_id;
GRANT SELECT ON subsidy_sum TO yinling_app;
ALTER TABLE subsidy_sum ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON subsidy_sum USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

-- Lines drawn by lot: the seed is bound by its digest before it is told, and results are entered by two.
CREATE TABLE audit_sample (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    run_id bigint NOT NULL,
    bands smallint NOT NULL,
    size integer NOT NULL,
    seed_digest bytea NOT NULL,
    bound_at timestamptz NOT NULL,
    bound_by bigint,
    seed varchar(100),
    drawn_at timestamptz,
    drawn_by bigint,
    population integer,
    population_fen bigint,
    CONSTRAINT pk_audit_sample PRIMARY KEY (id),
    CONSTRAINT fk_audit_sample_run_id FOREIGN KEY (run_id) REFERENCES subsidy_run (id),
    CONSTRAINT fk_audit_sample_bound_by FOREIGN KEY (bound_by) REFERENCES staff (id),
    CONSTRAINT fk_audit_sample_drawn_by FOREIGN KEY (drawn_by) REFERENCES staff (id),
    CONSTRAINT ck_audit_sample_bands CHECK (bands IN (1, 3)),
    CONSTRAINT ck_audit_sample_size CHECK (size BETWEEN 1 AND 2000),
    CONSTRAINT ck_audit_sample_seed_is_the_bound_one CHECK (seed_digest = sha256(convert_to(seed, 'UTF8'))),
    CONSTRAINT ck_audit_sample_drawn_is_whole CHECK (num_nulls(seed, drawn_at, population, population_fen) IN (0, 4))
);
CREATE INDEX ix_audit_sample_run_id ON audit_sample (run_id);
CREATE TABLE audit_sample_line (
    sample_id bigint NOT NULL,
    number integer NOT NULL,
    band smallint NOT NULL,
    amount_fen bigint NOT NULL,
    right_fen bigint,
    words varchar(200) NOT NULL,
    entered_at timestamptz,
    entered_by bigint,
    confirmed_at timestamptz,
    confirmed_by bigint,
    CONSTRAINT pk_audit_sample_line PRIMARY KEY (sample_id, number),
    CONSTRAINT fk_audit_sample_line_sample_id FOREIGN KEY (sample_id) REFERENCES audit_sample (id),
    CONSTRAINT fk_audit_sample_line_entered_by FOREIGN KEY (entered_by) REFERENCES staff (id),
    CONSTRAINT fk_audit_sample_line_confirmed_by FOREIGN KEY (confirmed_by) REFERENCES staff (id),
    CONSTRAINT ck_audit_sample_line_right_fen CHECK (right_fen >= 0),
    CONSTRAINT ck_audit_sample_line_entered_is_whole CHECK (num_nulls(right_fen, entered_at, entered_by) IN (0, 3)),
    CONSTRAINT ck_audit_sample_line_confirmed_is_whole CHECK (
        (confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL OR entered_at IS NOT NULL)),
    CONSTRAINT ck_audit_sample_line_confirmed_by_another CHECK (entered_by <> confirmed_by)
);
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON audit_sample FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON audit_sample_line
    FOR EACH ROW EXECUTE FUNCTION write_trail('sample_id', 'number');
GRANT SELECT, INSERT ON audit_sample, audit_sample_line TO yinling_app;
GRANT UPDATE (seed, drawn_at, drawn_by, population, population_fen) ON audit_sample TO yinling_app;
GRANT UPDATE (right_fen, words, entered_at, entered_by, confirmed_at, confirmed_by) ON audit_sample_line TO yinling_app;

-- What was drawn is drawn once, and what two have confirmed stays.
CREATE FUNCTION keep_sample() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'this stands' USING ERRCODE = '23514', CONSTRAINT = 'ck_audit_sample_stands';
END $$;
CREATE TRIGGER drawn_once BEFORE UPDATE ON audit_sample FOR EACH ROW WHEN (OLD.drawn_at IS NOT NULL)
    EXECUTE FUNCTION keep_sample();
CREATE TRIGGER confirmed_stays BEFORE UPDATE ON audit_sample_line FOR EACH ROW WHEN (OLD.confirmed_at IS NOT NULL)
    EXECUTE FUNCTION keep_sample();

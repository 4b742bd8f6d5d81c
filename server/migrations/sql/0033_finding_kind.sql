-- One more kind of finding, beside whichever there are.
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
    EXECUTE format('ALTER TABLE finding ADD CONSTRAINT ck_finding_findingkind'
                   ' CHECK (kind IN (%s, ''care_order_doubtful''))', v_kinds);
END $$;

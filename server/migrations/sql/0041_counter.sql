-- What was handed out is known to whoever knows the booking: the diner, the canteen, offices over either.
ALTER TABLE meal_collection ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_collection USING (EXISTS (SELECT 1 FROM booking b WHERE b.id = booking_id));

-- A card belongs to a person; a canteen knows its number alone, and the platform looks it up.
ALTER TABLE meal_card ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_card USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_in_reach(resident_id)
) WITH CHECK ((SELECT sees_all()) OR is_in_reach(resident_id));

-- Rounds belong to their canteen, what is carried to whoever knows the booking.
ALTER TABLE meal_round ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_round USING ((SELECT sees_all()) OR canteen_id IN (SELECT kept_sites()));
ALTER TABLE meal_drop ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_drop USING (EXISTS (SELECT 1 FROM booking b WHERE b.id = booking_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_key FOR EACH ROW EXECUTE FUNCTION write_trail('number', 'private_cipher');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_collection FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_card FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_round FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_drop FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON meal_card FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- What was handed out is written once; within two minutes it may be taken back, which is written too.
GRANT SELECT, INSERT ON meal_key, meal_collection, meal_card, meal_round, meal_drop TO yinling_app;
GRANT UPDATE (retired_at, revoked_at) ON meal_key TO yinling_app;
GRANT UPDATE (undone_at, undo_reason) ON meal_collection TO yinling_app;
GRANT UPDATE (lost_at) ON meal_card TO yinling_app;
GRANT UPDATE (carrier, sealed_at) ON meal_round TO yinling_app;
GRANT UPDATE (round_id, position, state, told_at, received_by, reason) ON meal_drop TO yinling_app;

-- Whether a canteen's day is settled. Nothing is, until settlements say so here.
CREATE FUNCTION meal_day_is_settled(p_canteen bigint, p_day date) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$ SELECT false $$;

-- Three more kinds of finding, beside whichever there are.
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
                   ' CHECK (kind IN (%s, ''meal_handed_out_twice'', ''meal_handed_out_unbooked'','
                   ' ''meal_told_after_settlement''))', v_kinds);
END $$;

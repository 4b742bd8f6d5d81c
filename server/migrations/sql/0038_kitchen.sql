-- What somebody may not eat is known where the person is known: to themselves and their helpers, to offices over
-- the village, and to the canteen for as long as it may know its diner. The canteen writes nothing of it.
ALTER TABLE dietary_note ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON dietary_note USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_in_reach(resident_id)
);

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON sitting_template FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON dietary_note FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON kitchen_sheet FOR EACH ROW EXECUTE FUNCTION write_trail('sitting_id,version');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON food_sample FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON dietary_note FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- A sealed account stands in the trail as its digest alone.
DROP TRIGGER trail ON canteen;
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON canteen FOR EACH ROW EXECUTE FUNCTION write_trail('site_id', 'account_cipher');
DROP TRIGGER trail ON sitting;
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF canteen_id, service_on, meal, capacity, serves_from,
    serves_until, cutoff_at, late_until, late_places, list_price_fen, published_at, publishes_at, closed_at
    ON sitting FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'booked,late_booked');

GRANT UPDATE (publishes_at) ON sitting TO yinling_app;
GRANT SELECT, INSERT, UPDATE ON sitting_template TO yinling_app;
-- A frozen sheet is never changed, nor what was noted of an eater; of a sample only that it was thrown away.
GRANT SELECT, INSERT ON kitchen_sheet, food_sample, dietary_note TO yinling_app;
GRANT UPDATE (discarded_at, discarded_by) ON food_sample TO yinling_app;

-- What is booked by itself, and who waits, is known to the person and whoever acts for them, to the canteen
-- and to offices over either's place. That somebody is in hospital is not the canteen's to know.
ALTER TABLE standing_order ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON standing_order USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR canteen_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id));
ALTER TABLE standing_refusal ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON standing_refusal USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR canteen_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id));
ALTER TABLE meal_waiting ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_waiting USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR canteen_id IN (SELECT kept_sites())
    OR is_in_reach(resident_id));
ALTER TABLE meal_pause ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_pause USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR order_id IN (SELECT o.id FROM standing_order o WHERE o.canteen_id IN (SELECT kept_sites())));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON standing_order FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_pause FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON standing_refusal FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON meal_waiting FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON canteen_closure FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON standing_order FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON meal_pause FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON standing_refusal FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON meal_waiting FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- Whose it is, where and which meal never changes.
GRANT SELECT, INSERT ON standing_order, meal_pause, standing_refusal, meal_waiting, canteen_closure TO yinling_app;
GRANT UPDATE (ended_at, end_reason) ON standing_order TO yinling_app;
GRANT UPDATE (ends_on, lifted_at) ON meal_pause TO yinling_app;
GRANT UPDATE (code, tried_at, tries, solved_at) ON standing_refusal TO yinling_app;
GRANT UPDATE (state, offered_at, expires_at, ended_at, booking_id) ON meal_waiting TO yinling_app;
GRANT UPDATE (cancelled, reopened_at) ON canteen_closure TO yinling_app;

-- A place that is offered is held: counted by the database as booked places are, under the same check.
CREATE FUNCTION count_held_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'offered' THEN
        UPDATE sitting SET held = held - 1 WHERE id = OLD.sitting_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'offered' THEN
        UPDATE sitting SET held = held + 1 WHERE id = NEW.sitting_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER "A_place_held" AFTER INSERT OR DELETE ON meal_waiting
    FOR EACH ROW EXECUTE FUNCTION count_held_place();
CREATE TRIGGER "A_place_offered" AFTER UPDATE OF state ON meal_waiting
    FOR EACH ROW WHEN ((OLD.state = 'offered') <> (NEW.state = 'offered'))
    EXECUTE FUNCTION count_held_place();

-- A sitting's trail leaves out what the lines of bookings and offers already say.
DROP TRIGGER trail ON sitting;
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF canteen_id, service_on, meal, capacity, serves_from,
    serves_until, cutoff_at, late_until, late_places, list_price_fen, publishes_at, published_at, closed_at
    ON sitting FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'booked,late_booked,held');

-- An elder is told how many stand before them, and nothing about who they are.
CREATE FUNCTION turn_in_line(p_waiting bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT count(*) FROM meal_waiting mine
      JOIN meal_waiting w ON w.sitting_id = mine.sitting_id AND w.state IN ('waiting', 'offered')
                         AND (w.joined_at, w.id) <= (mine.joined_at, mine.id)
     WHERE mine.id = p_waiting
$$;

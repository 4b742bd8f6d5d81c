-- A late place is a place like others and one of the few late ones as well.
CREATE OR REPLACE FUNCTION count_place() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.status <> 'cancelled' THEN
        UPDATE sitting SET booked = booked - 1, late_booked = late_booked - OLD.is_late::int
         WHERE id = OLD.sitting_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.status <> 'cancelled' THEN
        UPDATE sitting SET booked = booked + 1, late_booked = late_booked + NEW.is_late::int
         WHERE id = NEW.sitting_id;
    END IF;
    RETURN NULL;
END $$;

-- A place that was taken and stays taken (fetched, or never fetched) is not counted again.
DROP TRIGGER "A_place_changed" ON booking;
CREATE TRIGGER "A_place_changed" AFTER UPDATE OF status, sitting_id ON booking
    FOR EACH ROW WHEN ((OLD.status = 'cancelled') <> (NEW.status = 'cancelled')
                       OR OLD.sitting_id <> NEW.sitting_id)
    EXECUTE FUNCTION count_place();

-- A sitting's trail leaves out what each booking's own line already says.
DROP TRIGGER trail ON sitting;
CREATE TRIGGER trail AFTER INSERT OR DELETE OR UPDATE OF canteen_id, service_on, meal, capacity, serves_from,
    serves_until, cutoff_at, late_until, late_places, list_price_fen, published_at, closed_at
    ON sitting FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'booked,late_booked');

GRANT UPDATE (late_until, late_places) ON sitting TO yinling_app;
GRANT UPDATE (missed_at) ON booking TO yinling_app;

-- An act that changed no followed row (a sign-in that was refused, a search, a list taken out) has a
-- line of its own, so that it is sealed like any change: nobody can edit or delete it unnoticed. At
-- the end of the transaction it is known whether there was a change; most acts have one, whose line
-- says who acted. Timed work that found nothing to do is nobody's act.
CREATE FUNCTION write_line_of_act() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM trail_entry e WHERE e.act_id = NEW.id) THEN
        INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
        VALUES (NEW.id, pg_current_xact_id(), 'act', NEW.id::text, jsonb_build_object(
            'act', NEW.id, 'who', jsonb_strip_nulls(jsonb_build_object(
                'at', NEW.at, 'face', NEW.face, 'action', NEW.action, 'request', NEW.request_id,
                'reason', NEW.reason, 'sign_in', NEW.sign_in_id, 'account', NEW.account_id,
                'staff', NEW.staff_id, 'for_resident', NEW.for_resident_id)),
            'table', 'act', 'key', NEW.id::text, 'op', 'ACT', 'old', NULL, 'new', NULL)::text);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER line_of_its_own AFTER INSERT ON act DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.face <> 'timetable') EXECUTE FUNCTION write_line_of_act();

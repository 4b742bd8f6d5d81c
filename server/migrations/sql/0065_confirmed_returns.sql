-- What a bank's answer says did not arrive, or came back, is paid again only once another person than who took the
-- answer in has held it against what the bank sent.
ALTER TABLE subsidy_bank_return
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN confirmed_by bigint,
    ADD CONSTRAINT fk_subsidy_bank_return_confirmed_by FOREIGN KEY (confirmed_by) REFERENCES staff (id),
    ADD CONSTRAINT ck_subsidy_bank_return_confirmed_is_whole CHECK (confirmed_by IS NULL OR confirmed_at IS NOT NULL),
    ADD CONSTRAINT ck_subsidy_bank_return_not_confirmed_by_its_importer CHECK (imported_by <> confirmed_by);

-- Answers taken in before this step were acted on: they count as confirmed, by nobody.
ALTER TABLE subsidy_bank_return DISABLE TRIGGER USER;
UPDATE subsidy_bank_return SET confirmed_at = imported_at;
ALTER TABLE subsidy_bank_return ENABLE TRIGGER USER;

-- An answer stays as it was taken in; it is confirmed once, and never from the start.
DROP TRIGGER frozen ON subsidy_bank_return;
CREATE TRIGGER frozen BEFORE UPDATE ON subsidy_bank_return FOR EACH ROW
    WHEN (OLD.confirmed_at IS NOT NULL OR NEW.confirmed_at IS NULL
          OR (OLD.id, OLD.batch_id, OLD.division_code, OLD.layout, OLD.file_name, OLD.content_cipher,
              OLD.content_digest, OLD.rows, OLD.paid, OLD.failed, OLD.came_back, OLD.repeated, OLD.imported_at,
              OLD.imported_by)
             IS DISTINCT FROM
             (NEW.id, NEW.batch_id, NEW.division_code, NEW.layout, NEW.file_name, NEW.content_cipher,
              NEW.content_digest, NEW.rows, NEW.paid, NEW.failed, NEW.came_back, NEW.repeated, NEW.imported_at,
              NEW.imported_by))
    EXECUTE FUNCTION keep_paid();
CREATE TRIGGER confirmed_later BEFORE INSERT ON subsidy_bank_return FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL) EXECUTE FUNCTION keep_paid();
GRANT UPDATE (confirmed_at, confirmed_by) ON subsidy_bank_return TO yinling_app;

-- A payment fails by an answer about its own batch that nobody has confirmed yet: nothing is slipped in behind it.
CREATE FUNCTION keep_failed_by_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM subsidy_bank_return b
                    WHERE b.id = NEW.return_id AND b.batch_id = NEW.batch_id AND b.confirmed_at IS NULL) THEN
        RAISE EXCEPTION 'a payment fails by an answer of the bank'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_payment_failed_by_an_answer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER failed_by_an_answer BEFORE UPDATE ON subsidy_payment FOR EACH ROW
    WHEN (NEW.state = 'failed' AND OLD.state <> 'failed') EXECUTE FUNCTION keep_failed_by_answer();

-- A line whose payment failed goes into another one only once the answer that says so is confirmed.
CREATE FUNCTION keep_confirmed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_runs bigint[] := ARRAY(SELECT DISTINCT run_id FROM added);
BEGIN
    IF EXISTS (SELECT 1 FROM added a
                 JOIN (SELECT x.run_id, x.number
                         FROM subsidy_payment_line x
                         JOIN subsidy_payment p ON p.id = x.payment_id AND p.state = 'failed'
                         LEFT JOIN subsidy_bank_return b ON b.id = p.return_id
                        WHERE x.run_id = ANY (v_runs) AND NOT x.is_live AND b.confirmed_at IS NULL) w
                   ON w.run_id = a.run_id AND w.number = a.number) THEN
        RAISE EXCEPTION 'nobody has confirmed that this was not paid'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_payment_line_failure_confirmed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_confirmed AFTER INSERT ON subsidy_payment_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION keep_confirmed();

-- An assessment is written by its assessor, reviewed by another, and then stands as it is.

-- Keeps an assessment's life in order, whatever writes it: which state follows which, that its
-- result is not touched once it is handed in, and that nobody signs in another's name.
CREATE FUNCTION guard_assessment() RETURNS trigger
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

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON assessment FOR EACH ROW EXECUTE FUNCTION guard_assessment();

-- Answers change with an open assessment alone.
CREATE FUNCTION guard_assessment_sheet() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessment a
                    WHERE a.id = NEW.assessment_id AND a.status IN ('draft', 'returned')) THEN
        RAISE EXCEPTION 'the answers of an assessment that was handed in stand' USING ERRCODE = 'YL004';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE UPDATE ON assessment_sheet FOR EACH ROW EXECUTE FUNCTION guard_assessment_sheet();

-- The level is seen by whoever may see the resident; the answers by offices over the village alone.
ALTER TABLE assessment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON assessment USING (
    resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM resident r WHERE r.id = resident_id)
) WITH CHECK ((SELECT sees_all()) OR is_in_reach(resident_id));

ALTER TABLE assessment_sheet ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON assessment_sheet USING (
    (SELECT sees_all())
    OR EXISTS (SELECT 1 FROM assessment a WHERE a.id = assessment_id AND is_in_reach(a.resident_id))
);

-- Whoever signs an assessment is named on it, to colleagues of other divisions too.
CREATE FUNCTION name_of_signer(p_staff bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT s.display_name FROM staff s
     WHERE s.id = p_staff AND (seen_staff() IS NOT NULL OR sees_all())
$$;

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON assessment
    FOR EACH ROW EXECUTE FUNCTION write_trail('id', 'note_cipher');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON assessment_sheet
    FOR EACH ROW EXECUTE FUNCTION write_trail('assessment_id', 'sheet_cipher');

-- Whose assessment it is, by whom and by which scale, never changes.
GRANT SELECT, INSERT ON assessment TO yinling_app;
GRANT UPDATE (reason, assessed_on, status, self_care, movement, mind, senses, total, initial_level,
    final_level, figures, submitted_at, reviewed_by, reviewed_at, note_cipher, note_digest, starts_on, ends_on)
    ON assessment TO yinling_app;
GRANT SELECT, INSERT ON assessment_sheet TO yinling_app;
GRANT UPDATE (sheet_cipher, sheet_digest) ON assessment_sheet TO yinling_app;

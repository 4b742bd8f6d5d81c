-- A departure ends what stands open of an assessment, and its reversal brings it back.
CREATE OR REPLACE FUNCTION guard_assessment() RETURNS trigger
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

    -- A departure was a mistake: what it withdrew or ended is as it was before. Only the platform's key
    -- opens this, for somebody who is still reported gone, and nothing but the state or the end may differ.
    IF sees_all() AND EXISTS (
        SELECT 1 FROM resident r
         WHERE r.id = NEW.resident_id AND num_nonnulls(r.died_on, r.moved_away_on) > 0) AND (
        OLD.status = 'withdrawn' AND NEW.status IN ('draft', 'submitted', 'returned')
            AND (to_jsonb(NEW) - 'status') = (to_jsonb(OLD) - 'status')
        OR OLD.status = 'confirmed' AND (to_jsonb(NEW) - 'ends_on') = (to_jsonb(OLD) - 'ends_on'))
    THEN
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

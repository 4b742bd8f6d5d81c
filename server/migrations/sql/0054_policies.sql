-- A version by which months were reckoned does not end before them, and ends once.

-- The last day that a run, which was not discarded, reckoned by a version; null where there is none.
CREATE FUNCTION reckoned_until(p_version bigint) RETURNS date
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT max((r.first_month + make_interval(months => r.months))::date - 1)
      FROM subsidy_run r WHERE r.version_id = p_version AND r.kind = 'regular' AND r.stage <> 'discarded'
$$;

CREATE FUNCTION keep_used_version() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.ends_on IS NOT NULL THEN
        RAISE EXCEPTION 'this version has ended'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_policy_version_ends_once';
    END IF;
    IF reckoned_until(NEW.id) >= NEW.ends_on THEN
        RAISE EXCEPTION 'a run reckoned by this version for later months'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_policy_version_used';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER used_stays BEFORE UPDATE OF ends_on ON policy_version
    FOR EACH ROW WHEN (OLD.ends_on IS DISTINCT FROM NEW.ends_on) EXECUTE FUNCTION keep_used_version();

-- The other way round: who reckons waits for who ends the version, and then looks again.
CREATE FUNCTION keep_run_in_force() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM 1 FROM policy_version v
      WHERE v.id = NEW.version_id
        AND (v.ends_on IS NULL OR v.ends_on >= NEW.first_month + make_interval(months => NEW.months))
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'this version ends before the months of the run'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_subsidy_run_version_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_in_force BEFORE INSERT ON subsidy_run
    FOR EACH ROW WHEN (NEW.kind = 'regular') EXECUTE FUNCTION keep_run_in_force();

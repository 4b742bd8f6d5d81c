-- A policy amended from an earlier day: months that were reckoned are opened again only by whoever puts the pack
-- into force, who says so, and are then put right by differences.

ALTER TABLE policy_pack ADD COLUMN reopens boolean NOT NULL DEFAULT false;
ALTER TABLE policy_pack ALTER COLUMN reopens DROP DEFAULT;
ALTER TABLE policy_pack ADD CONSTRAINT ck_policy_pack_reopens_in_force CHECK (NOT reopens OR state = 'active');
GRANT UPDATE (reopens) ON policy_pack TO yinling_app;

-- What was reckoned by a version from the month of a day on, run by run that was not discarded.
CREATE FUNCTION reckoned_after(p_version bigint, p_day date)
RETURNS TABLE (run_id bigint, first_month date, last_month date)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT r.id, greatest(r.first_month, date_trunc('month', p_day)::date),
           (r.first_month + make_interval(months => r.months - 1))::date
      FROM subsidy_run r
     WHERE r.version_id = p_version AND r.kind = 'regular' AND r.stage <> 'discarded'
       AND r.first_month + make_interval(months => r.months) > p_day
$$;

-- True while a pack that opens months again puts this programme into force from the day, and has not done so yet.
CREATE FUNCTION is_reopened(p_programme text, p_day date) RETURNS boolean
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (
        SELECT 1 FROM policy_pack k
         WHERE k.state = 'active' AND k.reopens AND k.starts_on = p_day AND k.content -> 'programmes' ? p_programme
           AND NOT EXISTS (SELECT 1 FROM policy_version v WHERE v.pack_id = k.id AND v.programme = p_programme))
$$;

CREATE OR REPLACE FUNCTION keep_used_version() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF OLD.ends_on IS NOT NULL THEN
        RAISE EXCEPTION 'this version has ended'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_policy_version_ends_once';
    END IF;
    IF reckoned_until(NEW.id) >= NEW.ends_on AND NOT is_reopened(NEW.programme, NEW.ends_on) THEN
        RAISE EXCEPTION 'a run reckoned by this version for later months'
              USING ERRCODE = '23514', CONSTRAINT = 'ck_policy_version_used';
    END IF;
    RETURN NEW;
END $$;

-- What a dish looks like is for everybody; a sample for its kitchen. What was handed over at a door is also
-- the elder's, and of whoever acts for them.
DROP POLICY seen ON file;
CREATE POLICY seen ON file USING (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR purpose IN ('site_photo', 'dish_photo')
    OR site_id IS NOT NULL AND is_kept_here(site_id)
    OR purpose IN ('visit_photo', 'drop_photo') AND resident_id = ANY ((SELECT seen_residents())::bigint[])
    OR purpose = 'renovation_photo' AND EXISTS (SELECT 1 FROM renovation_photo f WHERE f.file_id = file.id)
    OR purpose = 'staff_photo' AND EXISTS (SELECT 1 FROM care_visit v WHERE v.worker_id = file.staff_id)
) WITH CHECK (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR site_id IS NOT NULL AND is_kept_here(site_id)
);
GRANT UPDATE (photo_file_id) ON food_sample, meal_drop TO yinling_app;

-- Where somebody stood at a home and measured it, the register knows it too, for whoever knows the person.
-- Somebody who has moved house is to be found anew.
CREATE FUNCTION know_the_home() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE resident SET home_x = NEW.x, home_y = NEW.y
     WHERE id = NEW.resident_id AND (home_x, home_y) IS DISTINCT FROM (NEW.x, NEW.y);
    RETURN NULL;
END $$;
CREATE TRIGGER "H_home_measured" AFTER INSERT OR UPDATE OF x, y ON home_bed
    FOR EACH ROW WHEN (NEW.x IS NOT NULL) EXECUTE FUNCTION know_the_home();

CREATE FUNCTION forget_the_home() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    NEW.home_x := NULL;
    NEW.home_y := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER "H_home_moved" BEFORE UPDATE OF address, village_code ON resident
    FOR EACH ROW WHEN (OLD.home_x IS NOT NULL AND OLD.home_x IS NOT DISTINCT FROM NEW.home_x
                       AND (OLD.address, OLD.village_code) IS DISTINCT FROM (NEW.address, NEW.village_code))
    EXECUTE FUNCTION forget_the_home();

-- What is known by now is nobody's act.
ALTER TABLE resident DISABLE TRIGGER USER;
UPDATE resident r SET home_x = b.x, home_y = b.y FROM home_bed b
 WHERE b.resident_id = r.id AND b.x IS NOT NULL AND b.state <> 'ended';
ALTER TABLE resident ENABLE TRIGGER USER;

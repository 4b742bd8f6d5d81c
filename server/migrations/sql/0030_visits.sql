-- What is done at homes is a published list: everybody may read it, migrations alone write it.
INSERT INTO care_service (code, name_zh, name_en, category, minutes, price_fen, starts_on) VALUES
    ('bathing', '助浴', 'Help with bathing', 'life', 60, 8000, DATE '2020-01-01'),
    ('cleaning', '居室清洁', 'Cleaning', 'life', 60, 4000, DATE '2020-01-01'),
    ('cooking', '做饭', 'Cooking', 'life', 60, 4000, DATE '2020-01-01'),
    ('grooming', '洗头理发', 'Washing and cutting hair', 'life', 30, 2500, DATE '2020-01-01'),
    ('feeding', '协助进食', 'Help with eating', 'life', 30, 2500, DATE '2020-01-01'),
    ('errands', '代办代购', 'Errands', 'life', 30, 2000, DATE '2020-01-01'),
    ('outing', '陪同就医', 'Going along to the doctor', 'life', 120, 8000, DATE '2020-01-01'),
    ('turning', '翻身拍背', 'Turning and clearing the chest', 'nursing', 30, 3000, DATE '2020-01-01'),
    ('vital_signs', '测量血压血糖', 'Blood pressure and sugar', 'nursing', 30, 2000, DATE '2020-01-01'),
    ('skin_care', '压疮预防与护理', 'Skin and pressure sores', 'nursing', 60, 8000, DATE '2020-01-01'),
    ('medicine', '用药提醒与整理', 'Medicine', 'nursing', 30, 2000, DATE '2020-01-01'),
    ('exercise', '肢体康复训练', 'Exercising limbs', 'rehabilitation', 60, 8000, DATE '2020-01-01'),
    ('company', '陪伴聊天', 'Company', 'company', 60, 3000, DATE '2020-01-01');
GRANT SELECT ON care_service TO yinling_app;

-- A plan, and what was said of a visit, are known to the person, to whoever acts for them, to the
-- provider, and to offices over the provider's place or over the village.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['care_plan', 'care_plan_item', 'visit_rating', 'care_wish'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' resident_id = ANY ((SELECT seen_residents())::bigint[])'
                       ' OR (SELECT sees_all()) OR site_id IN (SELECT kept_sites())'
                       ' OR is_in_reach(resident_id))', v_table);
    END LOOP;
END $$;

-- A correction is the provider's matter, and that of offices.
ALTER TABLE visit_correction ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON visit_correction USING (
    (SELECT sees_all()) OR site_id IN (SELECT kept_sites()) OR is_in_reach(resident_id)
);
ALTER TABLE home_month_close ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_month_close USING ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));

DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['care_plan', 'care_plan_item', 'visit_rating', 'care_wish', 'visit_correction',
                                   'home_month_close'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['care_plan', 'care_plan_item', 'visit_rating', 'care_wish', 'visit_correction',
                                   'visit_proof'] LOOP
        EXECUTE format('CREATE TRIGGER not_of_a_merged BEFORE INSERT ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged()', v_table);
    END LOOP;
END $$;

-- Whose it is never changes. What a plan holds is not rewritten: a new version takes its place.
GRANT SELECT, INSERT ON care_plan, care_plan_item, visit_rating, care_wish, visit_correction, home_month_close
    TO yinling_app;
GRANT UPDATE (state, agreed_at, agreed_by) ON care_plan TO yinling_app;
GRANT UPDATE (score, words, rated_at) ON visit_rating TO yinling_app;
GRANT UPDATE (answer, answered_at, answered_by) ON care_wish TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by) ON visit_correction TO yinling_app;

-- In a closed month nothing is made, moved or proved any more, by whomever and by whatever way.
CREATE FUNCTION is_month_closed(p_site bigint, p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM home_month_close c
                    WHERE c.site_id = p_site AND c.month = date_trunc('month', p_day)::date)
$$;

CREATE FUNCTION keep_month_closed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_day date;
BEGIN
    IF TG_TABLE_NAME = 'visit_proof' THEN
        SELECT v.service_on INTO v_day FROM care_visit v WHERE v.id = NEW.visit_id;
    ELSE
        v_day := NEW.service_on;
        IF TG_OP = 'UPDATE' AND is_month_closed(OLD.site_id, OLD.service_on) THEN
            v_day := OLD.service_on;
        END IF;
    END IF;
    IF is_month_closed(NEW.site_id, v_day) THEN
        RAISE EXCEPTION 'this month is closed' USING ERRCODE = '23514', CONSTRAINT = 'month_is_open';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER month_is_open BEFORE INSERT OR UPDATE OF worker_id, service_on, starts_at, minutes, services, state
    ON care_visit FOR EACH ROW EXECUTE FUNCTION keep_month_closed();
CREATE TRIGGER month_is_open BEFORE INSERT OR UPDATE OF arrived_at, left_at, tasks_done, photo_file_id,
    confirmed_by, superseded_at ON visit_proof FOR EACH ROW EXECUTE FUNCTION keep_month_closed();

-- Who may be sent by a provider on a day: names of its own care workers, for whoever keeps it.
CREATE FUNCTION workers_of(p_sites bigint[], p_day date)
RETURNS TABLE (site_id bigint, worker_id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT DISTINCT r.site_id, s.id, s.display_name::text
      FROM staff_role r JOIN staff s ON s.id = r.staff_id
     WHERE r.role = 'care_worker' AND r.site_id = ANY (p_sites)
       AND r.starts_on <= p_day AND (r.ends_on IS NULL OR r.ends_on > p_day)
       AND ((SELECT sees_all()) OR r.site_id IN (SELECT kept_sites()))
$$;

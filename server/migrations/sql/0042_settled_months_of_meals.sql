-- What a canteen's month came to is known to the canteen and to offices over its place; one meal of it
-- also to whoever ate it, to whoever acts for them, and to offices over the village.
DO $$
DECLARE
    v_table text;
BEGIN
    FOREACH v_table IN ARRAY ARRAY['meal_settlement', 'meal_adjustment'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' (SELECT sees_all()) OR site_id IN (SELECT kept_sites()))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['meal_fact', 'meal_rating', 'meal_voice'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', v_table);
        EXECUTE format('CREATE POLICY seen ON %I USING ('
                       ' resident_id = ANY ((SELECT seen_residents())::bigint[])'
                       ' OR (SELECT sees_all()) OR site_id IN (SELECT kept_sites())'
                       ' OR is_in_reach(resident_id))', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['meal_settlement', 'meal_adjustment', 'meal_rating', 'meal_voice',
                                   'meal_notice'] LOOP
        EXECUTE format('CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION write_trail(''id'')', v_table);
    END LOOP;
    FOREACH v_table IN ARRAY ARRAY['meal_rating', 'meal_voice'] LOOP
        EXECUTE format('CREATE TRIGGER not_of_a_merged BEFORE INSERT ON %I'
                       ' FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged()', v_table);
    END LOOP;
END $$;
ALTER TABLE meal_settlement_line ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_settlement_line USING (
    (SELECT sees_all()) OR EXISTS (SELECT 1 FROM meal_settlement s WHERE s.id = settlement_id));

-- A month is drawn up by the function below alone; from then on it only goes from stage to stage.
GRANT SELECT ON meal_settlement, meal_fact, meal_settlement_line TO yinling_app;
GRANT UPDATE (stage, due_on, confirmed_at, confirmed_by, accepted_at, accepted_by, paid_on, paid_by, paid_number)
    ON meal_settlement TO yinling_app;
GRANT SELECT, INSERT ON meal_adjustment, meal_rating, meal_voice, meal_notice TO yinling_app;
GRANT UPDATE (state, decided_at, decided_by) ON meal_adjustment TO yinling_app;
GRANT UPDATE (score, changed_at) ON meal_rating TO yinling_app;
GRANT UPDATE (answer, answered_at, answered_by, handed_at, handed_by, handed_words, due_on) ON meal_voice
    TO yinling_app;
GRANT UPDATE (withdrawn_at) ON meal_notice TO yinling_app;

-- Frozen for everybody, this schema's owner too: no sum, line or meal of a settled month is rewritten, a
-- stage does not go back, and what was decided is not decided anew.
CREATE FUNCTION keep_settled() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'what was settled stays as it was'
          USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_meal_settlement_frozen';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON meal_fact FOR EACH STATEMENT EXECUTE FUNCTION keep_settled();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON meal_settlement_line
    FOR EACH STATEMENT EXECUTE FUNCTION keep_settled();
CREATE TRIGGER frozen BEFORE DELETE ON meal_settlement FOR EACH STATEMENT EXECUTE FUNCTION keep_settled();
CREATE TRIGGER frozen_sums BEFORE UPDATE ON meal_settlement FOR EACH ROW
    WHEN ((OLD.site_id, OLD.month, OLD.meals, OLD.person_days, OLD.list_fen, OLD.discount_fen, OLD.subsidy_fen,
           OLD.charity_fen, OLD.own_pay_fen, OLD.rate_fen, OLD.rate_parameter_id, OLD.operation_fen,
           OLD.adjustment_fen, OLD.owed_fen, OLD.digest, OLD.drawn_up_at, OLD.drawn_up_by)
          IS DISTINCT FROM
          (NEW.site_id, NEW.month, NEW.meals, NEW.person_days, NEW.list_fen, NEW.discount_fen, NEW.subsidy_fen,
           NEW.charity_fen, NEW.own_pay_fen, NEW.rate_fen, NEW.rate_parameter_id, NEW.operation_fen,
           NEW.adjustment_fen, NEW.owed_fen, NEW.digest, NEW.drawn_up_at, NEW.drawn_up_by))
    EXECUTE FUNCTION keep_settled();
CREATE TRIGGER one_stage_on BEFORE UPDATE OF stage ON meal_settlement FOR EACH ROW
    WHEN (array_position(ARRAY['drawn_up', 'confirmed', 'accepted', 'paid'], NEW.stage::text)
          <> array_position(ARRAY['drawn_up', 'confirmed', 'accepted', 'paid'], OLD.stage::text) + 1)
    EXECUTE FUNCTION keep_settled();
CREATE TRIGGER decided_once BEFORE UPDATE ON meal_adjustment FOR EACH ROW WHEN (OLD.state <> 'asked')
    EXECUTE FUNCTION keep_settled();

-- One key for the month of a canteen: a meal handed out holds it with others, the drawing up alone.
CREATE FUNCTION meal_month_key(p_site bigint, p_day date) RETURNS bigint
LANGUAGE sql STABLE SET search_path FROM CURRENT RETURN
    hashtextextended('meals ' || current_schema() || ' ' || p_site || to_char(p_day, ' YYYY-MM'), 0);

CREATE FUNCTION keep_month_of_meals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_day date;
BEGIN
    IF TG_TABLE_NAME = 'booking' THEN
        PERFORM pg_advisory_xact_lock_shared(meal_month_key(NEW.canteen_id, NEW.service_on));
        IF EXISTS (SELECT 1 FROM meal_settlement s WHERE s.site_id = NEW.canteen_id
                      AND s.month = date_trunc('month', NEW.service_on)::date) THEN
            RAISE EXCEPTION 'this month of the canteen is settled'
                  USING ERRCODE = 'check_violation', CONSTRAINT = 'month_of_meals_is_open';
        END IF;
    ELSE
        PERFORM pg_advisory_xact_lock_shared(meal_month_key(NEW.site_id, NEW.month));
        IF EXISTS (SELECT 1 FROM meal_settlement s WHERE s.site_id = NEW.site_id AND s.month = NEW.month) THEN
            RAISE EXCEPTION 'this month of the canteen is settled'
                  USING ERRCODE = 'check_violation', CONSTRAINT = 'month_of_meals_is_open';
        END IF;
    END IF;
    RETURN NEW;
END $$;
-- Booking itself asks nothing of this: only a meal that is handed out, or taken back.
CREATE TRIGGER month_of_meals_is_open BEFORE INSERT ON booking FOR EACH ROW
    WHEN (NEW.status = 'collected') EXECUTE FUNCTION keep_month_of_meals();
CREATE TRIGGER month_of_meals_stays_open BEFORE UPDATE OF status, service_on, canteen_id ON booking FOR EACH ROW
    WHEN (NEW.status = 'collected' OR OLD.status = 'collected') EXECUTE FUNCTION keep_month_of_meals();
CREATE TRIGGER month_of_meals_is_open BEFORE INSERT OR UPDATE ON meal_adjustment FOR EACH ROW
    EXECUTE FUNCTION keep_month_of_meals();

-- A meal as it goes into the digest, and the digest of what stands there now.
CREATE FUNCTION words_of_meal(f meal_fact) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path FROM CURRENT RETURN
    concat_ws('|', f.booking_id, f.resident_id, f.service_on - DATE '1900-01-01', f.meal, f.age, f.age_band, f.tier,
              f.list_price_fen, f.operator_discount_fen, f.subsidy_fen, f.charity_fen, f.own_pay_fen);
CREATE FUNCTION digest_of_meals(p_settlement bigint) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT sha256(convert_to(coalesce(string_agg(words_of_meal(f), E'\n' ORDER BY f.booking_id), ''), 'UTF8'))
      FROM meal_fact f WHERE f.settlement_id = p_settlement
$$;

-- Lines and meals sum to the settlement they stand in, to the fen, at the end of each statement.
CREATE FUNCTION check_settled_sums() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM meal_settlement s
          LEFT JOIN (SELECT settlement_id AS id, count(*) AS meals, sum(list_price_fen) AS list,
                            sum(subsidy_fen) AS subsidy, sum(operator_discount_fen) AS discount,
                            sum(charity_fen) AS charity, count(DISTINCT (resident_id, service_on)) AS days
                       FROM meal_fact WHERE settlement_id IN (SELECT settlement_id FROM added) GROUP BY 1) f
            ON f.id = s.id
          LEFT JOIN (SELECT settlement_id AS id, sum(meals) AS meals, sum(list_fen) AS list,
                            sum(subsidy_fen) AS subsidy, sum(discount_fen) AS discount,
                            sum(charity_fen) AS charity
                       FROM meal_settlement_line WHERE settlement_id IN (SELECT settlement_id FROM added)
                      GROUP BY 1) l ON l.id = s.id
         WHERE s.id IN (SELECT settlement_id FROM added)
           AND ((s.meals, s.list_fen, s.subsidy_fen, s.discount_fen, s.charity_fen, s.person_days)
                IS DISTINCT FROM (f.meals, f.list, f.subsidy, f.discount, f.charity, f.days)
             OR (s.meals, s.list_fen, s.subsidy_fen, s.discount_fen, s.charity_fen)
                IS DISTINCT FROM (l.meals, l.list, l.subsidy, l.discount, l.charity))
    ) THEN
        RAISE EXCEPTION 'the lines of a settlement do not sum to it'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_meal_settlement_sums';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER sums_fit AFTER INSERT ON meal_fact REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_settled_sums();
CREATE TRIGGER sums_fit AFTER INSERT ON meal_settlement_line REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_settled_sums();

-- Draw up one month of some canteens in one statement, whoever of them the actor keeps: head, meals and
-- lines together. Meals handed out count and nothing else; an eater from another county counts as well,
-- whom the officer may not see. Who is handing out a meal of the month ends first, whoever comes waits
-- and is refused. Answers how many were drawn up.
CREATE FUNCTION draw_up_meals(
    p_sites bigint[], p_month date, p_bands jsonb, p_rate int, p_parameter bigint, p_due date,
    p_at timestamptz, p_by bigint
) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_sites bigint[] := ARRAY(SELECT s FROM unnest(p_sites) AS s
                               WHERE (SELECT sees_all()) OR s IN (SELECT kept_sites()) ORDER BY s);
    v_drawn int;
BEGIN
    PERFORM pg_advisory_xact_lock(meal_month_key(s, p_month)) FROM unnest(v_sites) AS s;
    WITH eaten AS MATERIALIZED (
        SELECT b.id AS booking_id, b.canteen_id AS site_id, b.resident_id, b.service_on, b.meal,
               extract(year FROM age(b.service_on, r.born_on))::int AS age, b.list_price_fen,
               b.operator_discount_fen, b.subsidy_fen, b.charity_fen, b.own_pay_fen,
               coalesce(h.tier, 'none') AS tier
          FROM booking b
          JOIN resident r ON r.id = b.resident_id
          LEFT JOIN hardship_period h ON h.resident_id = b.resident_id AND h.starts_on <= b.service_on
           AND (h.ends_on IS NULL OR h.ends_on > b.service_on)
         WHERE b.canteen_id = ANY (v_sites) AND b.status = 'collected'
           AND b.service_on >= p_month AND b.service_on < (p_month + interval '1 month')::date
    ), band AS MATERIALIZED (
        SELECT from_age, coalesce(to_age, 999) AS last_age, concat(from_age, '-', to_age) AS name
          FROM jsonb_to_recordset(p_bands) AS b(from_age int, to_age int)
    ), fact AS MATERIALIZED (
        SELECT e.*, coalesce(b.name, '-') AS age_band
          FROM eaten e LEFT JOIN band b ON e.age BETWEEN b.from_age AND b.last_age
    ), sums AS (
        SELECT s.id AS site_id, count(f.booking_id) AS meals,
               count(DISTINCT (f.resident_id, f.service_on)) FILTER (WHERE f.booking_id IS NOT NULL) AS person_days,
               coalesce(sum(f.list_price_fen), 0) AS list, coalesce(sum(f.operator_discount_fen), 0) AS discount,
               coalesce(sum(f.subsidy_fen), 0) AS subsidy, coalesce(sum(f.charity_fen), 0) AS charity,
               coalesce(sum(f.own_pay_fen), 0) AS own_pay,
               sha256(convert_to(coalesce(string_agg(words_of_meal(ROW(
                   f.booking_id, 0, f.site_id, f.resident_id, f.service_on, f.meal, f.age, f.age_band, f.tier,
                   f.list_price_fen, f.operator_discount_fen, f.subsidy_fen, f.charity_fen, f.own_pay_fen
               )::meal_fact), E'\n' ORDER BY f.booking_id), ''), 'UTF8')) AS digest
          FROM unnest(v_sites) AS s(id) LEFT JOIN fact f ON f.site_id = s.id
         GROUP BY s.id
    ), put_right AS (
        SELECT site_id, sum(amount_fen) AS amount FROM meal_adjustment
         WHERE site_id = ANY (v_sites) AND month = p_month AND state = 'accepted' GROUP BY site_id
    ), head AS (
        INSERT INTO meal_settlement (
            site_id, month, stage, meals, person_days, list_fen, discount_fen, subsidy_fen, charity_fen,
            own_pay_fen, rate_fen, rate_parameter_id, operation_fen, adjustment_fen, owed_fen, digest,
            drawn_up_at, drawn_up_by, due_on, paid_number)
        SELECT s.site_id, p_month, 'drawn_up', s.meals, s.person_days, s.list, s.discount, s.subsidy, s.charity,
               s.own_pay, p_rate, p_parameter, s.person_days * p_rate, coalesce(a.amount, 0),
               s.subsidy + s.person_days * p_rate + coalesce(a.amount, 0), s.digest, p_at, p_by, p_due, ''
          FROM sums s LEFT JOIN put_right a USING (site_id)
        RETURNING id, site_id
    ), facts AS (
        INSERT INTO meal_fact (
            booking_id, settlement_id, site_id, resident_id, service_on, meal, age, age_band, tier,
            list_price_fen, operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen)
        SELECT f.booking_id, h.id, f.site_id, f.resident_id, f.service_on, f.meal, f.age, f.age_band, f.tier,
               f.list_price_fen, f.operator_discount_fen, f.subsidy_fen, f.charity_fen, f.own_pay_fen
          FROM fact f JOIN head h USING (site_id) ORDER BY f.booking_id
    ), lines AS (
        INSERT INTO meal_settlement_line (
            settlement_id, meal, age_band, tier, meals, list_fen, discount_fen, subsidy_fen, charity_fen, own_pay_fen)
        SELECT h.id, f.meal, f.age_band, f.tier, count(*), sum(f.list_price_fen), sum(f.operator_discount_fen),
               sum(f.subsidy_fen), sum(f.charity_fen), sum(f.own_pay_fen)
          FROM fact f JOIN head h USING (site_id) GROUP BY h.id, f.meal, f.age_band, f.tier
    )
    SELECT count(*) INTO v_drawn FROM head;
    RETURN v_drawn;
END $$;

-- What a counter asks before it hands a meal out that is told of late.
CREATE OR REPLACE FUNCTION meal_day_is_settled(p_canteen bigint, p_day date) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT 1 FROM meal_settlement s
                    WHERE s.site_id = p_canteen AND s.month = date_trunc('month', p_day)::date)
$$;

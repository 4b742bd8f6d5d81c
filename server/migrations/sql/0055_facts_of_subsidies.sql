-- The facts that subsidies are reckoned from, as rows: one function for each source of the vocabulary.
--
-- Each is planned with the months it is asked for, whence EXECUTE: a plan for any months would walk
-- through the city row by row. All are the caller's own (security invoker): row security holds.

-- Full months from one day to another; from 29 February on a year is full on 1 March.
CREATE FUNCTION full_months(p_from date, p_to date) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path FROM CURRENT RETURN
    greatest(0, extract(year FROM age(p_to, p_from)) * 12 + extract(month FROM age(p_to, p_from)))::int;

-- A query of cases, with what is known of their elders and sites on the day of each case put beside it.
-- The query gives beneficiary_id … subject and its own `facts`; `p_facts` are those asked for beside.
CREATE FUNCTION with_standing(p_cases text, p_facts text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path FROM CURRENT AS $$
    SELECT format(
        'WITH c AS MATERIALIZED (%s) SELECT c.beneficiary_id::bigint, c.resident_id::bigint,'
        ' c.caregiver_id::bigint, c.site_id::bigint, c.month::date, c.part::bigint, c.on_day::date,'
        ' c.subject::text, c.facts || jsonb_build_object(%s) FROM c %s',
        p_cases,
        string_agg(format('%L, %s', k.fact, k.said), ', ' ORDER BY k.fact),
        string_agg(DISTINCT k.joined, ' '))
      FROM (VALUES
        ('age', 'extract(year FROM age(c.on_day, e.born_on))::int',
         'LEFT JOIN resident e ON e.id = c.resident_id'),
        ('ability_level', 'a.final_level',
         'LEFT JOIN assessment a ON a.resident_id = c.resident_id AND a.status = ''confirmed'''
         ' AND a.starts_on <= c.on_day AND a.ends_on > c.on_day'),
        ('hardship_tier', 'coalesce(h.tier, ''none'')',
         'LEFT JOIN hardship_period h ON h.resident_id = c.resident_id'
         ' AND h.starts_on <= c.on_day AND (h.ends_on IS NULL OR h.ends_on > c.on_day)'),
        ('is_local', 'CASE WHEN k.id IS NOT NULL THEN k.division_code IS NOT NULL END',
         'LEFT JOIN hukou k ON k.resident_id = c.resident_id'
         ' AND k.starts_on <= c.on_day AND (k.ends_on IS NULL OR k.ends_on > c.on_day)'),
        ('has_payee', 'y.id IS NOT NULL',
         'LEFT JOIN payee_account y ON y.resident_id = c.resident_id'
         ' AND y.starts_on <= c.on_day AND (y.ends_on IS NULL OR y.ends_on > c.on_day)'),
        ('stars', 'coalesce(t.stars, 0)',
         'LEFT JOIN site_star t ON t.site_id = c.site_id AND t.starts_on <= c.on_day AND t.ends_on > c.on_day'),
        ('site_kind', 's.kind',
         'LEFT JOIN site s ON s.id = c.site_id LEFT JOIN provider p ON p.id = s.provider_id'),
        -- GB 32100: 1 public institutions, 5 civil affairs, 9 industry and commerce.
        ('is_non_profit', 'CASE WHEN left(p.uscc, 1) IN (''1'', ''5'') THEN true WHEN left(p.uscc, 1) = ''9'' THEN false'
         ' WHEN s.ownership = ''public'' THEN true END',
         'LEFT JOIN site s ON s.id = c.site_id LEFT JOIN provider p ON p.id = s.provider_id'),
        ('is_dishonest', 'p.credit_status = ''dishonest''',
         'LEFT JOIN site s ON s.id = c.site_id LEFT JOIN provider p ON p.id = s.provider_id'),
        ('months_open', 'CASE WHEN w.state = ''open'' THEN full_months(w.opened_on, c.on_day + 1) WHEN w.state IS NOT NULL THEN 0 END',
         'LEFT JOIN site_states() w ON w.site_id = c.site_id AND w.starts_on <= c.on_day AND w.ends_on > c.on_day')
      ) AS k (fact, said, joined)
     WHERE k.fact = ANY (p_facts)
$$;

-- What a site was from a day until the day before another, and when it first opened.
CREATE FUNCTION site_states()
RETURNS TABLE (site_id bigint, state text, starts_on date, ends_on date, opened_on date)
LANGUAGE sql STABLE ROWS 5000 SET search_path FROM CURRENT AS $$
    SELECT o.site_id, o.state::text, o.starts_on,
           lead(o.starts_on, 1, DATE '2170-01-01') OVER (PARTITION BY o.site_id ORDER BY o.starts_on),
           coalesce(min(o.starts_on) FILTER (WHERE o.state = 'open') OVER (PARTITION BY o.site_id),
                    DATE '2170-01-01')
      FROM site_opening o
$$;

CREATE FUNCTION facts_of_an_elder() RETURNS text[] LANGUAGE sql IMMUTABLE RETURN
    ARRAY['age', 'ability_level', 'hardship_tier', 'is_local', 'has_payee'];
CREATE FUNCTION facts_of_a_site() RETURNS text[] LANGUAGE sql IMMUTABLE RETURN
    ARRAY['stars', 'site_kind', 'is_non_profit', 'is_dishonest', 'months_open'];

-- The nights of everybody in a bed of a house, by house and month; a death or a move ends them on its
-- evening, whether somebody entered that at the house or not. Medical beds are a hospital's.
CREATE FUNCTION nights_in_homes(p_first date, p_until date)
RETURNS TABLE (resident_id bigint, site_id bigint, month date, next_month date, in_bed integer, on_leave integer,
               last_day date, stay_id bigint, bed_id bigint)
LANGUAGE plpgsql STABLE ROWS 50000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH months AS (
            SELECT m::date AS month, (m + interval '1 month')::date AS next_month
              FROM generate_series($1::timestamp, $2::timestamp - interval '1 day', interval '1 month') AS m
        ), held AS (
            SELECT o.id, o.resident_id, o.site_id, o.stay_id, o.bed_id, o.state, o.starts_on,
                   least(coalesce(o.ends_on, DATE '2170-01-01'), r.died_on + 1, r.moved_away_on + 1) AS ends_on
              FROM bed_occupancy o JOIN resident r ON r.id = o.resident_id
             WHERE o.superseded_at IS NULL AND o.state IN ('occupied', 'on_leave', 'in_hospital')
               AND o.kind IN ('institution', 'hospice')
               AND o.starts_on < $2 AND (o.ends_on IS NULL OR o.ends_on > $1)
        ), spent AS (
            SELECT h.*, m.month, m.next_month, least(h.ends_on, m.next_month) AS until,
                   least(h.ends_on, m.next_month) - greatest(h.starts_on, m.month) AS nights
              FROM held h JOIN months m ON h.starts_on < m.next_month AND h.ends_on > m.month
             WHERE h.ends_on > h.starts_on
        )
        SELECT s.resident_id, s.site_id, s.month, s.next_month,
               coalesce(sum(s.nights) FILTER (WHERE s.state = 'occupied'), 0)::int,
               coalesce(sum(s.nights) FILTER (WHERE s.state = 'on_leave'), 0)::int,
               max(s.until) - 1, (array_agg(s.stay_id ORDER BY s.until DESC, s.id DESC))[1],
               (array_agg(s.bed_id ORDER BY s.until DESC, s.id DESC))[1]
          FROM spent s GROUP BY s.resident_id, s.site_id, s.month, s.next_month $q$
    USING p_first, p_until;
END $$;

-- How full a house was in a month: nights in its beds, or kept on leave, of those of the beds it may run; of
-- the beds that stand there where no licence is known.
CREATE FUNCTION fullness_of_homes(p_first date, p_until date)
RETURNS TABLE (site_id bigint, month date, percent integer, full_months integer)
LANGUAGE plpgsql STABLE ROWS 5000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH spent AS (
            SELECT n.site_id, n.month, n.next_month, sum(n.in_bed + n.on_leave) AS nights,
                   count(*) FILTER (WHERE n.in_bed = n.next_month - n.month) AS whole
              FROM nights_in_homes($1, $2) n GROUP BY n.site_id, n.month, n.next_month
        ), licences AS (
            SELECT l.site_id, l.kind, l.licensed, l.starts_on,
                   lead(l.starts_on, 1, DATE '2170-01-01')
                       OVER (PARTITION BY l.site_id, l.kind ORDER BY l.starts_on) AS ends_on
              FROM bed_licence l WHERE l.kind IN ('institution', 'hospice')
        ), licensed AS (
            SELECT s.site_id, s.month, sum(l.licensed) AS beds
              FROM spent s JOIN licences l ON l.site_id = s.site_id AND l.starts_on < s.next_month
                                          AND l.ends_on >= s.next_month
             GROUP BY s.site_id, s.month
        ), standing AS (
            SELECT s.site_id, s.month, count(*) AS beds
              FROM spent s JOIN bed b ON b.site_id = s.site_id AND b.opened_on < s.next_month
             WHERE b.kind IN ('institution', 'hospice') GROUP BY s.site_id, s.month
        )
        SELECT s.site_id, s.month,
               (100 * s.nights / nullif(coalesce(l.beds, b.beds) * (s.next_month - s.month), 0))::int, s.whole::int
          FROM spent s LEFT JOIN licensed l USING (site_id, month) LEFT JOIN standing b USING (site_id, month) $q$
    USING p_first, p_until;
END $$;

-- A resident's month in a care home: the home of most nights, the last of them when equal.
CREATE FUNCTION facts_of_bed_months(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT n.resident_id AS beneficiary_id, n.resident_id, NULL AS caregiver_id, n.site_id, n.month, 0 AS part,
               n.last_day AS on_day, 'stay:' || n.stay_id AS subject,
               jsonb_build_object(
                   'days_in_bed', n.in_bed, 'days_of_month', n.next_month - n.month, 'days_on_leave', n.on_leave,
                   'months_in_bed', full_months(s.admitted_on, n.last_day + 1), 'bed_is_nursing', b.is_nursing,
                   'occupancy_percent', f.percent) AS facts
          FROM (SELECT DISTINCT ON (resident_id, month) * FROM nights_in_homes($1, $2)
                 ORDER BY resident_id, month, in_bed DESC, last_day DESC, site_id DESC) n
          JOIN stay s ON s.id = n.stay_id JOIN bed b ON b.id = n.bed_id
          LEFT JOIN fullness_of_homes($1, $2) f ON f.site_id = n.site_id AND f.month = n.month $q$,
        facts_of_an_elder() || facts_of_a_site())
    USING p_first, p_until;
END $$;

-- A home's bed-months: residents who were in its beds on every night of the month.
CREATE FUNCTION facts_of_site_bed_months(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT f.site_id AS beneficiary_id, NULL AS resident_id, NULL AS caregiver_id, f.site_id, f.month, 0 AS part,
               (f.month + interval '1 month')::date - 1 AS on_day, 'site:' || f.site_id AS subject,
               jsonb_build_object('bed_months', f.full_months, 'occupancy_percent', f.percent) AS facts
          FROM fullness_of_homes($1, $2) f $q$, facts_of_a_site())
    USING p_first, p_until;
END $$;

-- Beds that a home's licence added, in the month of the licence and in that of each of its next four
-- anniversaries. Beds converted are in no register.
CREATE FUNCTION facts_of_beds_built(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        WITH added AS (
            SELECT l.id, l.site_id, l.starts_on,
                   l.licensed - lag(l.licensed, 1, 0) OVER kind AS beds,
                   l.nursing - lag(l.nursing, 1, 0) OVER kind AS nursing
              FROM bed_licence l WHERE l.kind IN ('institution', 'hospice')
            WINDOW kind AS (PARTITION BY l.site_id, l.kind ORDER BY l.starts_on)
        ), due AS (
            SELECT a.site_id, i AS instalment, (a.starts_on + (i - 1) * interval '1 year')::date AS due_on,
                   sum(greatest(a.beds, 0)) AS beds, sum(greatest(a.nursing, 0)) AS nursing, max(a.id) AS id
              FROM added a CROSS JOIN generate_series(1, 5) AS i
             GROUP BY a.site_id, a.starts_on, i
            HAVING sum(greatest(a.beds, 0)) > 0 OR sum(greatest(a.nursing, 0)) > 0
        )
        SELECT DISTINCT ON (d.site_id, month, d.instalment)
               d.site_id AS beneficiary_id, NULL AS resident_id, NULL AS caregiver_id, d.site_id,
               date_trunc('month', d.due_on)::date AS month, d.instalment AS part, d.due_on AS on_day,
               'bed_licence:' || d.id AS subject,
               jsonb_build_object(
                   'beds_new', d.beds, 'nursing_beds_new', d.nursing, 'beds_converted', NULL,
                   'occupancy_percent', f.percent, 'instalment', d.instalment) AS facts
          FROM due d
          LEFT JOIN fullness_of_homes($1, $2) f
            ON f.site_id = d.site_id AND f.month = date_trunc('month', d.due_on)::date
         WHERE d.due_on >= $1 AND d.due_on < $2
         ORDER BY d.site_id, month, d.instalment, d.due_on DESC $q$, facts_of_a_site())
    USING p_first, p_until;
END $$;

-- Months in which a bed at home was served, each with the number of months that it was served without a
-- break, up to it.
CREATE FUNCTION months_served_at_home(p_until date)
RETURNS TABLE (home_bed_id bigint, month date, number integer)
LANGUAGE plpgsql STABLE ROWS 50000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH served AS (
            SELECT DISTINCT m.home_bed_id, m.month FROM home_month_bed m WHERE m.month < $1 AND m.visits > 0
        ), islands AS (
            SELECT s.home_bed_id, s.month,
                   extract(year FROM s.month) * 12 + extract(month FROM s.month)
                   - row_number() OVER (PARTITION BY s.home_bed_id ORDER BY s.month) AS island
              FROM served s
        )
        SELECT i.home_bed_id, i.month,
               (row_number() OVER (PARTITION BY i.home_bed_id, i.island ORDER BY i.month))::int
          FROM islands i $q$
    USING p_until;
END $$;

-- What was built for a bed at home, with a grant asked for: an instalment in the first month up to which the
-- bed was served for one, for six and for twelve months without a break.
CREATE FUNCTION facts_of_home_bed_builds(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        WITH due AS (
            SELECT s.home_bed_id, i.instalment, i.months, min(s.month) AS month
              FROM months_served_at_home($2) s
              JOIN (VALUES (1, 1), (2, 6), (3, 12)) AS i (instalment, months) ON i.months = s.number
             GROUP BY s.home_bed_id, i.instalment, i.months
            HAVING min(s.month) >= $1
        ), accepted AS (
            SELECT home_bed_id, max((accepted_at AT TIME ZONE 'Asia/Shanghai')::date) AS accepted_on
              FROM home_bed_acceptance WHERE superseded_at IS NULL GROUP BY home_bed_id HAVING count(*) = 2
        ), renewed AS (
            SELECT resident_id, min(settled_on) AS settled_on FROM renovation_fact WHERE grant_fen > 0
             GROUP BY resident_id
        )
        SELECT DISTINCT ON (b.resident_id, d.month, d.instalment)
               b.resident_id AS beneficiary_id, b.resident_id, NULL AS caregiver_id, m.site_id, d.month,
               d.instalment AS part, least((d.month + interval '1 month')::date - 1, r.died_on, r.moved_away_on) AS on_day,
               'home_bed:' || b.home_bed_id AS subject,
               jsonb_build_object(
                   'is_accepted', coalesce(a.accepted_on < (d.month + interval '1 month')::date, false),
                   'cost_fen', b.cost_fen,
                   'is_after_renovation', b.is_after_renovation OR coalesce(n.settled_on <= b.installed_on, false),
                   'months_served', d.months, 'instalment', d.instalment) AS facts
          FROM due d
          JOIN home_bed_build b ON b.home_bed_id = d.home_bed_id AND b.asks_grant
          JOIN resident r ON r.id = b.resident_id
          JOIN home_month_bed m ON m.home_bed_id = d.home_bed_id AND m.month = d.month AND m.visits > 0
          LEFT JOIN accepted a ON a.home_bed_id = d.home_bed_id
          LEFT JOIN renewed n ON n.resident_id = b.resident_id
         ORDER BY b.resident_id, d.month, d.instalment, m.minutes DESC, m.site_id DESC $q$,
        facts_of_an_elder() || facts_of_a_site())
    USING p_first, p_until;
END $$;

-- A closed month of service at a bed at home: the provider that served most of it. Satisfaction is that of the
-- provider over its month.
CREATE FUNCTION facts_of_home_bed_months(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        WITH served AS (
            SELECT DISTINCT ON (m.resident_id, m.month) m.*,
                   least((m.month + interval '1 month')::date - 1, r.died_on, r.moved_away_on) AS on_day
              FROM home_month_bed m JOIN resident r ON r.id = m.resident_id
             WHERE m.month >= $1 AND m.month < $2
             ORDER BY m.resident_id, m.month, m.minutes DESC, m.site_id DESC
        )
        SELECT m.resident_id AS beneficiary_id, m.resident_id, NULL AS caregiver_id, m.site_id, m.month, 0 AS part,
               greatest(m.on_day, m.month) AS on_day, 'home_bed:' || m.home_bed_id AS subject,
               jsonb_build_object(
                   'minutes', m.minutes, 'visits', m.visits, 'nursing_visits', m.nursing_visits,
                   'satisfied_percent', 100 * h.satisfied / nullif(h.rated, 0),
                   'agreement_months', full_months(g.starts_on, g.ends_on),
                   'months_served', coalesce(s.number, 0)) AS facts
          FROM served m
          JOIN home_month h ON h.site_id = m.site_id AND h.month = m.month
          LEFT JOIN months_served_at_home($2) s ON s.home_bed_id = m.home_bed_id AND s.month = m.month
          LEFT JOIN home_bed_agreement g ON g.home_bed_id = m.home_bed_id
                AND g.starts_on <= greatest(m.on_day, m.month) AND g.ends_on > greatest(m.on_day, m.month) $q$,
        facts_of_an_elder() || facts_of_a_site())
    USING p_first, p_until;
END $$;

-- A resident's month at a canteen, of settled months that the county accepted: age and tier as of the last meal.
CREATE FUNCTION facts_of_meals_eaten(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE ROWS 50000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        SELECT f.resident_id, f.resident_id, NULL::bigint, f.site_id, s.month, f.site_id, max(f.service_on),
               'meal_settlement:' || s.id,
               jsonb_build_object(
                   'age', max(f.age), 'hardship_tier', (array_agg(f.tier ORDER BY f.service_on DESC))[1],
                   'meals', count(*), 'advanced_fen', sum(f.subsidy_fen))
          FROM meal_settlement s JOIN meal_fact f ON f.settlement_id = s.id
         WHERE s.stage IN ('accepted', 'paid') AND s.month >= $1 AND s.month < $2
         GROUP BY f.resident_id, f.site_id, s.month, s.id $q$
    USING p_first, p_until;
END $$;

CREATE FUNCTION facts_of_canteen_months(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT s.site_id AS beneficiary_id, NULL AS resident_id, NULL AS caregiver_id, s.site_id, s.month, 0 AS part,
               (s.month + interval '1 month')::date - 1 AS on_day, 'meal_settlement:' || s.id AS subject,
               jsonb_build_object('meals', s.meals, 'person_days', s.person_days) AS facts
          FROM meal_settlement s
         WHERE s.stage IN ('accepted', 'paid') AND s.month >= $1 AND s.month < $2 $q$, facts_of_a_site())
    USING p_first, p_until;
END $$;

-- Orders at home that were redeemed on their proof, and paid from a month's voucher. The fee is what is left
-- of the bill without bought service. Vouchers are redeemed at home alone: nobody keeps another place.
CREATE FUNCTION facts_of_vouchers(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT o.resident_id AS beneficiary_id, o.resident_id, NULL AS caregiver_id, o.site_id,
               date_trunc('month', o.service_on)::date AS month, o.site_id AS part, max(o.service_on) AS on_day,
               'care_allowance:' || max(o.voucher_id) AS subject,
               jsonb_build_object('place', 'home', 'fee_fen', sum(o.bill_fen - o.purchased_fen),
                                  'redeemed_fen', sum(o.voucher_fen)) AS facts
          FROM care_order o
         WHERE o.state = 'redeemed' AND o.voucher_fen > 0 AND o.service_on >= $1 AND o.service_on < $2
         GROUP BY o.resident_id, o.site_id, date_trunc('month', o.service_on) $q$,
        ARRAY['age', 'ability_level', 'hardship_tier'])
    USING p_first, p_until;
END $$;

-- The same of service that the government bought; minutes are those of the proof, up to those ordered.
CREATE FUNCTION facts_of_bought_service(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT o.resident_id AS beneficiary_id, o.resident_id, NULL AS caregiver_id, o.site_id,
               date_trunc('month', o.service_on)::date AS month, o.site_id AS part, max(o.service_on) AS on_day,
               'care_allowance:' || max(o.purchased_id) AS subject,
               jsonb_build_object(
                   'visits', count(*),
                   'minutes', coalesce(sum(least(o.minutes, floor(extract(epoch FROM v.left_at - v.arrived_at) / 60))), 0)::int,
                   'redeemed_fen', sum(o.purchased_fen)) AS facts
          FROM care_order o
          LEFT JOIN visit_proof v ON v.visit_id = o.visit_id AND v.superseded_at IS NULL
         WHERE o.state = 'redeemed' AND o.purchased_fen > 0 AND o.service_on >= $1 AND o.service_on < $2
         GROUP BY o.resident_id, o.site_id, date_trunc('month', o.service_on) $q$,
        ARRAY['age', 'ability_level', 'hardship_tier'])
    USING p_first, p_until;
END $$;

-- Front-line work before a day: since when, and how many days of it nobody worked, so that full years are
-- put off by them.
CREATE FUNCTION work_up_to(p_caregivers bigint[], p_days date[])
RETURNS TABLE (caregiver_id bigint, on_day date, hired_on date, resting integer)
LANGUAGE plpgsql STABLE ROWS 5000 SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH work AS (
            SELECT e.caregiver_id, e.starts_on, coalesce(e.ends_on, DATE '2170-01-01') AS ends_on,
                   max(coalesce(e.ends_on, DATE '2170-01-01')) OVER (
                       PARTITION BY e.caregiver_id ORDER BY e.starts_on, e.id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS worked_until
              FROM employment e WHERE e.is_front_line AND e.caregiver_id = ANY ($1)
        )
        SELECT c.caregiver_id, c.on_day, min(w.starts_on),
               (coalesce(sum(greatest(w.starts_on - w.worked_until, 0)), 0)
                + greatest(c.on_day + 1 - max(w.ends_on), 0))::int
          FROM unnest($1, $2) AS c (caregiver_id, on_day)
          JOIN work w ON w.caregiver_id = c.caregiver_id AND w.starts_on <= c.on_day
         GROUP BY c.caregiver_id, c.on_day $q$
    USING p_caregivers, p_days;
END $$;

-- The instalments of an entry reward as the register of caregivers found them, judged on the evening on which
-- their years are full. A contract without a fixed term counts as 99 years.
CREATE FUNCTION facts_of_entry_rewards(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH due AS (
            SELECT t.id, t.caregiver_id, t.site_id, t.month, t.period::bigint AS instalment, t.due_on,
                   t.due_on - 1 AS judged_on, t.state
              FROM caregiver_entitlement t
             WHERE t.programme = 'entry_reward' AND t.superseded_at IS NULL AND t.due_on IS NOT NULL
               AND t.month >= $1 AND t.month < $2
        ), at_work AS (
            SELECT DISTINCT ON (d.id) d.id, e.id AS employment_id, e.is_front_line, e.on_establishment
              FROM due d JOIN employment e ON e.caregiver_id = d.caregiver_id AND e.starts_on <= d.judged_on
                                          AND (e.ends_on IS NULL OR e.ends_on > d.judged_on)
             ORDER BY d.id, e.is_front_line DESC, e.is_full_time DESC, e.starts_on DESC, e.id DESC
        ), learned AS (
            SELECT DISTINCT ON (d.id) d.id, c.degree
              FROM due d JOIN caregiver_education c ON c.caregiver_id = d.caregiver_id
                                                   AND c.obtained_on <= d.judged_on AND c.recognised_on IS NOT NULL
             ORDER BY d.id, array_position(ARRAY['secondary', 'college', 'bachelor', 'master'], c.degree::text) DESC
        ), worked AS (
            SELECT DISTINCT w.* FROM work_up_to((SELECT array_agg(caregiver_id ORDER BY id) FROM due),
                                                (SELECT array_agg(judged_on ORDER BY id) FROM due)) w
        )
        SELECT d.caregiver_id, NULL::bigint, d.caregiver_id, d.site_id, d.month, d.instalment, d.due_on,
               'caregiver_entitlement:' || d.id,
               jsonb_build_object(
                   'degree', l.degree, 'hired_on', w.hired_on,
                   'years_worked', full_months(w.hired_on + w.resting, d.due_on) / 12, 'instalment', d.instalment,
                   'is_front_line', coalesce(a.is_front_line, false),
                   'on_establishment', a.on_establishment, 'has_contract', k.id IS NOT NULL,
                   'contract_years', CASE WHEN k.id IS NULL THEN NULL WHEN k.ends_on IS NULL THEN 99
                                          ELSE full_months(k.starts_on, k.ends_on) / 12 END,
                   'has_payee', g.payee_digest IS NOT NULL, 'is_entitled', d.state = 'entitled')
          FROM due d
          JOIN caregiver g ON g.id = d.caregiver_id
          LEFT JOIN at_work a ON a.id = d.id
          LEFT JOIN employment_contract k ON k.employment_id = a.employment_id AND k.starts_on <= d.judged_on
                                         AND (k.ends_on IS NULL OR k.ends_on > d.judged_on)
          LEFT JOIN learned l ON l.id = d.id
          LEFT JOIN worked w ON w.caregiver_id = d.caregiver_id AND w.on_day = d.judged_on $q$
    USING p_first, p_until;
END $$;

-- A caregiver's month in post, judged on the last day at work in it. Whether continuing education is done, and
-- whether the allowance was found due, stands in the register's own reckoning; null where there is none.
CREATE FUNCTION facts_of_post_months(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        WITH months AS (
            SELECT m::date AS month, (m + interval '1 month')::date AS next_month
              FROM generate_series($1::timestamp, $2::timestamp - interval '1 day', interval '1 month') AS m
        ), at_work AS (
            SELECT DISTINCT ON (e.caregiver_id, m.month)
                   e.caregiver_id, e.id AS employment_id, e.site_id, e.is_front_line, m.month,
                   least(m.next_month, e.ends_on) - 1 AS on_day
              FROM employment e
              JOIN months m ON e.starts_on < m.next_month AND (e.ends_on IS NULL OR e.ends_on > m.month)
             WHERE e.starts_on < $2 AND (e.ends_on IS NULL OR e.ends_on > $1)
             ORDER BY e.caregiver_id, m.month, least(m.next_month, e.ends_on) DESC, e.is_front_line DESC,
                      e.is_full_time DESC, e.starts_on DESC, e.id DESC
        ), worked AS (
            SELECT DISTINCT w.* FROM work_up_to((SELECT array_agg(caregiver_id ORDER BY caregiver_id, month) FROM at_work),
                                                (SELECT array_agg(on_day ORDER BY caregiver_id, month) FROM at_work)) w
        ), certified AS (
            SELECT a.caregiver_id, a.month, min(c.level) AS level
              FROM at_work a JOIN skill_certificate c
                ON c.caregiver_id = a.caregiver_id AND c.issued_on <= a.on_day
               AND (c.valid_until IS NULL OR c.valid_until >= a.on_day)
               AND (c.annulled_on IS NULL OR c.annulled_on > a.on_day)
             GROUP BY a.caregiver_id, a.month
        ), attended AS (
            SELECT m.caregiver_id, m.month, sum(m.days)::int AS days
              FROM attendance_month m WHERE m.month >= $1 AND m.month < $2 GROUP BY m.caregiver_id, m.month
        ), breached AS (
            SELECT DISTINCT a.caregiver_id, a.month
              FROM at_work a JOIN caregiver_breach b
                ON b.caregiver_id = a.caregiver_id AND b.happened_on <= a.on_day
               AND (b.cleared_on IS NULL OR b.cleared_on > a.month)
        ), found AS (
            SELECT t.caregiver_id, t.month, bool_or(t.state = 'entitled') AS is_entitled,
                   bool_and(x.code <> 'education-short') 
                       FILTER (WHERE x.code IN ('education-done', 'education-short', 'education-not-asked')) AS is_taught
              FROM caregiver_entitlement t
              LEFT JOIN LATERAL jsonb_to_recordset(t.reasons) AS x (code text) ON true
             WHERE t.programme = 'post_allowance' AND t.superseded_at IS NULL AND t.month >= $1 AND t.month < $2
             GROUP BY t.caregiver_id, t.month
        )
        SELECT a.caregiver_id, NULL::bigint, a.caregiver_id, a.site_id, a.month, 0::bigint, a.on_day,
               'caregiver:' || a.caregiver_id,
               jsonb_build_object(
                   'skill_level', c.level,
                   'years_worked', coalesce(full_months(w.hired_on + w.resting, a.on_day + 1) / 12, 0),
                   'months_in_post', coalesce(full_months(w.hired_on + w.resting, a.on_day + 1), 0),
                   'attendance_days', t.days, 'is_front_line', a.is_front_line, 'has_contract', k.id IS NOT NULL,
                   'has_certificate', c.level IS NOT NULL, 'education_done', f.is_taught,
                   'has_breach', b.caregiver_id IS NOT NULL, 'has_payee', g.payee_digest IS NOT NULL,
                   'is_entitled', f.is_entitled)
          FROM at_work a
          JOIN caregiver g ON g.id = a.caregiver_id
          LEFT JOIN employment_contract k ON k.employment_id = a.employment_id AND k.starts_on <= a.on_day
                                         AND (k.ends_on IS NULL OR k.ends_on > a.on_day)
          LEFT JOIN worked w ON w.caregiver_id = a.caregiver_id AND w.on_day = a.on_day
          LEFT JOIN certified c ON c.caregiver_id = a.caregiver_id AND c.month = a.month
          LEFT JOIN attended t ON t.caregiver_id = a.caregiver_id AND t.month = a.month
          LEFT JOIN breached b ON b.caregiver_id = a.caregiver_id AND b.month = a.month
          LEFT JOIN found f ON f.caregiver_id = a.caregiver_id AND f.month = a.month $q$
    USING p_first, p_until;
END $$;

-- A training that a caregiver finished, in the month in which it ended; of the site that keeps their file.
CREATE FUNCTION facts_of_training_passed(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE $q$
        SELECT t.caregiver_id, NULL::bigint, t.caregiver_id, g.keeper_site_id,
               date_trunc('month', s.ends_at AT TIME ZONE 'Asia/Shanghai')::date, t.enrolment_id,
               (s.ends_at AT TIME ZONE 'Asia/Shanghai')::date, 'enrolment:' || t.enrolment_id,
               jsonb_build_object(
                   'skill_level', c.level,
                   'passed', CASE WHEN c.has_exam THEN coalesce(x.is_passed, false) ELSE d.id IS NOT NULL END,
                   'granted_fen', t.amount_fen)
          FROM training_subsidy t
          JOIN course_session s ON s.id = t.session_id
          JOIN course c ON c.id = s.course_id
          JOIN caregiver g ON g.id = t.caregiver_id
          LEFT JOIN (SELECT enrolment_id, bool_or(is_passed) AS is_passed FROM exam_result
                      WHERE confirmed_at IS NOT NULL GROUP BY enrolment_id) x ON x.enrolment_id = t.enrolment_id
          LEFT JOIN completion_certificate d ON d.enrolment_id = t.enrolment_id AND d.annulled_on IS NULL
         WHERE s.ends_at >= $1::timestamp AT TIME ZONE 'Asia/Shanghai'
           AND s.ends_at < $2::timestamp AT TIME ZONE 'Asia/Shanghai' $q$
    USING p_first, p_until;
END $$;

-- A home made safe and settled; its tier is the one by which the grant was found.
CREATE FUNCTION facts_of_renovations(p_first date, p_until date)
RETURNS TABLE (beneficiary_id bigint, resident_id bigint, caregiver_id bigint, site_id bigint, month date, part bigint,
               on_day date, subject text, facts jsonb)
LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY EXECUTE with_standing($q$
        SELECT f.resident_id AS beneficiary_id, f.resident_id, NULL AS caregiver_id, f.site_id,
               date_trunc('month', f.settled_on)::date AS month, 0 AS part, f.settled_on AS on_day,
               'renovation:' || f.renovation_id AS subject,
               jsonb_build_object('hardship_tier', f.tier, 'cost_fen', f.cost_fen, 'granted_fen', f.grant_fen) AS facts
          FROM renovation_fact f WHERE f.settled_on >= $1 AND f.settled_on < $2 $q$, ARRAY['age'])
    USING p_first, p_until;
END $$;

-- What waits to be corrected: found anew each night for each run, and gone once a difference run takes it. It
-- is of the same people as the lines are, and seen by the same.
CREATE TABLE subsidy_difference (
    id bigint GENERATED BY DEFAULT AS IDENTITY,
    of_run_id bigint NOT NULL,
    of_number integer,
    version_id bigint,
    beneficiary_id bigint NOT NULL,
    resident_id bigint,
    caregiver_id bigint,
    site_id bigint NOT NULL,
    month date NOT NULL,
    part bigint NOT NULL,
    on_day date NOT NULL,
    subject varchar(60) NOT NULL,
    kind varchar(30) NOT NULL,
    before_fen bigint NOT NULL,
    now_fen bigint NOT NULL,
    facts jsonb NOT NULL,
    trace jsonb NOT NULL,
    found_at timestamptz NOT NULL,
    CONSTRAINT pk_subsidy_difference PRIMARY KEY (id),
    CONSTRAINT fk_subsidy_difference_of_run_id FOREIGN KEY (of_run_id) REFERENCES subsidy_run (id),
    CONSTRAINT fk_subsidy_difference_version_id FOREIGN KEY (version_id) REFERENCES policy_version (id),
    CONSTRAINT ck_subsidy_difference_differencekind CHECK (kind IN ('facts', 'policy', 'new', 'gone')),
    CONSTRAINT ck_subsidy_difference_is_one CHECK (before_fen <> now_fen AND now_fen >= 0)
);
CREATE UNIQUE INDEX uq_subsidy_difference_once ON subsidy_difference (of_run_id, beneficiary_id, month, part);
CREATE INDEX ix_subsidy_difference_site_id ON subsidy_difference (site_id);
ALTER TABLE subsidy_difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON subsidy_difference USING (
    (SELECT sees_all()) OR site_id IN (SELECT kept_sites())
    OR resident_id = ANY ((SELECT seen_residents())::bigint[]) OR caregiver_id = (SELECT own_caregiver()))
    WITH CHECK ((SELECT sees_all()) OR site_id IN (SELECT kept_sites()));
GRANT SELECT, INSERT, DELETE ON subsidy_difference TO yinling_app;

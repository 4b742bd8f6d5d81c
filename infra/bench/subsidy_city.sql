-- A city's January in sets, past the triggers. `:people` live in homes; worlds beside them are shares of that. What a
-- person is made of hangs on a role, `n % 200`: some are planted, their neighbours look alike and are right.
CREATE TABLE planted (check_name text, run_id bigint, number integer);

CREATE TABLE world AS
SELECT w.source, w.run_id, w.base, n, n % 200 AS role, w.first_site + n / 100 AS site_id, n / 100 AS home,
       w.base + n AS id, n + 1 AS number
  FROM (VALUES ('bed_months', 1, 1000000, 10000, 1.0), ('home_bed_months', 2, 3000000, 20000, 0.3),
               ('home_bed_builds', 3, 4000000, 30000, 0.1), ('meals_eaten', 4, 5000000, 40000, 0.3),
               ('post_months', 5, 6000000, 50000, 0.1), ('entry_rewards', 6, 7000000, 60000, 0.05),
               ('vouchers', 7, 8000000, 70000, 0.3)) AS w(source, run_id, base, first_site, share),
       LATERAL generate_series(0, ceil(:people * w.share)::int - 1) AS n;
CREATE INDEX ON world (source, role);

INSERT INTO site (id, kind, name, division_code, address, opening_state, features)
SELECT DISTINCT site_id, 'care_home', '院' || site_id, (SELECT min(code) FROM division WHERE level = 'village'), '', 'open',
       '{}'::text[] FROM world;
INSERT INTO site (id, kind, name, division_code, address, opening_state, features)
SELECT 90000, 'care_home', '另一院', (SELECT min(code) FROM division WHERE level = 'village'), '', 'open', '{}'::text[];

INSERT INTO staff (id, sign_in_name, display_name, language)
SELECT 1000 + n, 'bench-' || n, '评估员' || n, 'zh-CN' FROM generate_series(0, 2000) AS n;

-- Many share a name. Birthdays lie at ends of months; some are just before the day that counts, some after.
INSERT INTO resident (id, name, pinyin, initials, sex, born_on, village_code, address)
SELECT id, (ARRAY['赵秀英', '王桂兰', '李玉珍', '张淑兰'])[1 + n % 4], 'x', 'x', 'female',
       CASE role WHEN 12 THEN DATE '1946-02-03' WHEN 13 THEN DATE '1946-01-31' ELSE DATE '1946-01-01' + n % 28 END,
       (SELECT min(code) FROM division WHERE level = 'village'), '' FROM world
 WHERE source NOT IN ('post_months', 'entry_rewards');

-- In bed: for good, left, gone to hospital, come again, or in a home while care at home is paid.
INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on, ends_on, reason, recorded_at,
                           end_recorded_at)
SELECT b.id, site_id, kind, state, b.id, b.id, starts_on, ends_on, '', TIMESTAMPTZ '2026-02-01',
       CASE WHEN ends_on IS NOT NULL THEN TIMESTAMPTZ '2026-02-01' END
  FROM (SELECT w.id, w.site_id, 'institution' AS kind, s.state, s.starts_on, s.ends_on FROM world w
          JOIN LATERAL (
            SELECT 'occupied' AS state, DATE '2025-03-01' AS starts_on,
                   CASE role WHEN 1 THEN DATE '2026-01-11' WHEN 2 THEN DATE '2026-01-12' WHEN 3 THEN DATE '2026-01-21'
                             WHEN 4 THEN DATE '2026-01-10' WHEN 5 THEN DATE '2026-01-05' WHEN 6 THEN DATE '2026-01-05'
                             WHEN 18 THEN DATE '2026-01-16' END AS ends_on
            UNION ALL SELECT 'occupied', DATE '2026-01-10', NULL WHERE role = 4
            UNION ALL SELECT 'in_hospital', DATE '2026-01-05', DATE '2026-01-25' WHERE role = 5
            UNION ALL SELECT 'in_hospital', DATE '2026-01-05', DATE '2026-01-12' WHERE role = 6
            UNION ALL SELECT 'occupied', CASE role WHEN 5 THEN DATE '2026-01-25' ELSE DATE '2026-01-12' END, NULL
             WHERE role IN (5, 6)) s ON true
         WHERE w.source = 'bed_months'
        UNION ALL
        SELECT id, 90000, CASE role WHEN 6 THEN 'medical' WHEN 7 THEN 'medical' ELSE 'institution' END, 'occupied',
               DATE '2026-01-01', CASE role WHEN 5 THEN DATE '2026-01-15' WHEN 7 THEN DATE '2026-01-15' END
          FROM world WHERE source = 'home_bed_months' AND role BETWEEN 4 AND 7) b;
INSERT INTO bed (id, site_id, room_id, kind, label, is_nursing, nursing_evidence, opened_on, recorded_at)
SELECT id, site_id, 1, 'institution', 'B' || n, false, '{}', DATE '2020-01-01', TIMESTAMPTZ '2020-01-01'
  FROM world WHERE source = 'bed_months';
INSERT INTO bed_return (site_id, kind, day, licensed, usable, occupied, on_leave, is_unchanged, source, filed_at)
SELECT DISTINCT site_id, 'institution', d.day, 120, 120,
       CASE WHEN home % 20 = 3 THEN 60 WHEN home % 20 = 5 AND d.day = DATE '2026-01-31' THEN 90 ELSE 100 END, 0, false,
       'console', TIMESTAMPTZ '2026-02-01'
  FROM world, (VALUES (DATE '2026-01-01'), (DATE '2026-01-31')) AS d(day) WHERE source = 'bed_months';
INSERT INTO departure (resident_id, kind, happened_on, source, reported_at, effects)
SELECT id, 'died', CASE role WHEN 0 THEN DATE '2025-12-20' ELSE DATE '2026-01-10' END, 'staff', TIMESTAMPTZ '2026-02-03',
       '[]' FROM world WHERE source = 'bed_months' AND role IN (0, 1);

-- Ten a day by each assessor; in some homes fifty by one on one day; and whoever approved the run judged some.
INSERT INTO assessment (resident_id, scale_version, reason, assessed_on, assessor_id, status, self_care, movement, mind,
                        senses, total, initial_level, final_level, submitted_at, reviewed_by, reviewed_at, starts_on, ends_on)
SELECT id, 'gb-t-42195-2022', 'first', s.since,
       CASE WHEN role = 19 THEN 1000 WHEN home % 20 = 7 AND role >= 150 THEN 2000 + home % 1000 
            WHEN s.since > DATE '2025-12-01' THEN 1010 + (n / 200) % 900 ELSE 1010 + (n / 10) % 900 END,
       'confirmed', 0, 0, 0, 0, 0, s.level, s.level, s.since, 1001, s.since, s.since, s.until
  FROM world w JOIN LATERAL (
       SELECT CASE role WHEN 10 THEN 'mild' WHEN 11 THEN 'moderate' WHEN 7 THEN 'moderate' ELSE 'severe' END AS level,
              CASE WHEN home % 20 = 7 AND role >= 150 THEN DATE '2025-05-05'
                   WHEN role = 19 THEN DATE '2025-03-01' + (n / 200) % 200 ELSE DATE '2025-03-01' + (n / 9000) % 200 END
                  AS since,
              CASE role WHEN 8 THEN DATE '2026-01-20' WHEN 9 THEN DATE '2026-01-20' WHEN 10 THEN DATE '2025-12-20'
                        WHEN 11 THEN DATE '2025-12-20' ELSE DATE '2026-12-31' END AS until
       UNION ALL SELECT 'severe', DATE '2026-01-20', DATE '2027-01-20' WHERE role = 9
       UNION ALL SELECT 'severe', DATE '2025-12-20', DATE '2026-12-20' WHERE role IN (10, 11)) s ON true
 WHERE source = 'bed_months';
INSERT INTO hardship_period (resident_id, tier, starts_on, ends_on)
SELECT id, 'dibao', DATE '2020-01-01', CASE role WHEN 14 THEN DATE '2026-01-20' END
  FROM world WHERE source = 'bed_months' AND role IN (14, 15);
INSERT INTO hukou (resident_id, kind, division_code, place, starts_on)
SELECT id, 'unified', CASE role WHEN 17 THEN '140502' END, CASE role WHEN 16 THEN '河南省安阳市' ELSE '' END, DATE '2000-01-01'
  FROM world WHERE source = 'bed_months' AND role IN (16, 17);

-- Care at home: minutes beyond the closed month, one name under many agreements.
INSERT INTO home_month_bed (site_id, month, home_bed_id, resident_id, visits, minutes, life_minutes, nursing_visits,
                            confirmed, unproved, doubted, rated, satisfied, reasons)
SELECT site_id, DATE '2026-01-01', id, id, 30, CASE role WHEN 0 THEN 900 ELSE 1800 END, 0, 0, 30, 0, 0, 0, 0, '{}'::text[]
  FROM world WHERE source = 'home_bed_months';
INSERT INTO home_bed (id, resident_id, site_id, state, since, requested_by, applied_at, wishes, end_note)
SELECT id, id, site_id, 'serving', DATE '2025-01-01', 'staff', TIMESTAMPTZ '2025-01-01', '', ''
  FROM world WHERE source IN ('home_bed_months', 'home_bed_builds');
INSERT INTO home_bed_agreement (home_bed_id, resident_id, site_id, starts_on, ends_on, monthly_fee_fen, own_pay_fen,
                                signed_by, signed_on)
SELECT id, id, site_id, DATE '2025-01-01', DATE '2027-01-01', 0, 0,
       CASE WHEN home % 10 = 3 AND role % 100 BETWEEN 20 AND 27 THEN '王站长' WHEN role % 100 BETWEEN 30 AND 32 THEN '李家女儿'
            ELSE '家属' || n END, DATE '2025-01-01'
  FROM world WHERE source = 'home_bed_months';

-- Homes built: one invoice for a bed and another's renovation, and a bed where a renovation was paid.
INSERT INTO home_bed_build (home_bed_id, resident_id, cost_fen, invoice_ref, installed_on, inventory, is_after_renovation,
                            asks_grant, recorded_at)
SELECT id, id, 300000, CASE role WHEN 0 THEN 'INV-' || n / 200 ELSE 'OWN-' || n END, DATE '2026-01-05', '', role = 6,
       true, TIMESTAMPTZ '2026-01-06' FROM world WHERE source = 'home_bed_builds';
INSERT INTO renovation (resident_id, site_id, state, since, requested_by, applied_at, wishes, address, home_key, holds,
                        held_until, has_trade_in, survey_note, tier, cost_fen, grant_fen, own_pay_fen, invoice_ref, settled_on,
                        rating_words, end_note)
SELECT id, site_id, 'settled', DATE '2025-12-01', 'staff', TIMESTAMPTZ '2025-01-01', '', 'x' || id, 'x' || id, false,
       DATE '2028-12-01', false, '', 'dibao', 400000, CASE WHEN role IN (1, 7) THEN 0 ELSE 400000 END,
       CASE WHEN role IN (1, 7) THEN 400000 ELSE 0 END, CASE role WHEN 1 THEN 'INV-' || n / 200 END, DATE '2025-12-01', '', ''
  FROM world WHERE source = 'home_bed_builds' AND role IN (1, 5, 6, 7);

-- Four meals each; some never paid for, some for less than their subsidy.
INSERT INTO booking (sitting_id, canteen_id, resident_id, service_on, meal, status, booked_by, list_price_fen,
                     operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen, subsidised_no, reasons, code, booked_at, collected_at,
                     paid_how, paid_at)
SELECT site_id, site_id, id, DATE '2026-01-01' + m, 'lunch', 'collected', 'self', 1200, 0,
       CASE WHEN role = 2 OR role = 3 AND m < 3 THEN 800 ELSE 300 END, 0,
       CASE WHEN role = 2 OR role = 3 AND m < 3 THEN 400 ELSE 900 END, 1, '[]', lpad((n % 1000000)::text, 6, '0'), TIMESTAMPTZ '2025-12-30',
       TIMESTAMPTZ '2026-01-05', CASE WHEN role = 0 OR role = 1 AND m < 3 THEN NULL ELSE 'cash' END,
       CASE WHEN role = 0 OR role = 1 AND m < 3 THEN NULL ELSE TIMESTAMPTZ '2026-01-05' END
  FROM world, generate_series(0, 3) AS m WHERE source = 'meals_eaten';

-- Care workers: insured by nobody, twice employed, less at work than claimed, without the certificate.
INSERT INTO caregiver (id, name, pinyin, initials, born_on, id_number_cipher, id_number_digest, phone, language,
                       keeper_site_id, payee_bank, registered_at)
SELECT id, '孙兰', 'x', 'x', DATE '1980-01-01', '', sha256(convert_to(id::text, 'UTF8')), '+8613' || id, 'zh-CN', site_id, '',
       TIMESTAMPTZ '2023-01-01' FROM world WHERE source IN ('post_months', 'entry_rewards');
INSERT INTO employment (id, caregiver_id, site_id, post, is_front_line, is_full_time, on_establishment, overlap_allowed,
                        starts_on, ends_on, leaving_reason, recorded_at)
SELECT id, id, site_id, 'care', NOT (source = 'entry_rewards' AND role = 2), true, source = 'entry_rewards' AND role = 1,
       false, DATE '2023-07-15', CASE WHEN source = 'entry_rewards' AND role IN (3, 4) THEN DATE '2025-12-01' END,
       CASE WHEN source = 'entry_rewards' AND role IN (3, 4) THEN 'resigned' END, TIMESTAMPTZ '2023-07-15'
  FROM world WHERE source IN ('post_months', 'entry_rewards')
UNION ALL
SELECT id + 50000000, id, 90000, 'care', true, role = 2 OR source = 'entry_rewards', false, true, DATE '2025-12-01', NULL, NULL,
       TIMESTAMPTZ '2025-12-01'
  FROM world WHERE source = 'post_months' AND role IN (2, 3) OR source = 'entry_rewards' AND role = 4;
INSERT INTO employment_contract (employment_id, number, starts_on, insurance_payer, insurance_payer_name)
SELECT id, '', DATE '2023-07-15', CASE role WHEN 0 THEN 'nobody' WHEN 1 THEN 'dispatcher' ELSE 'employer' END, ''
  FROM world WHERE source = 'post_months';
INSERT INTO attendance_month (caregiver_id, site_id, month, days, source, filed_at)
SELECT id, site_id, DATE '2026-01-01', CASE role WHEN 4 THEN 12 WHEN 5 THEN 12 ELSE 22 END, 'filed', TIMESTAMPTZ '2026-02-01'
  FROM world WHERE source = 'post_months'
UNION ALL
SELECT id, 90000, DATE '2026-01-01', 10, 'filed', TIMESTAMPTZ '2026-02-01'
  FROM world WHERE source = 'post_months' AND role = 5;
INSERT INTO skill_certificate (caregiver_id, level, number, issuer, issued_on, valid_until, annulled_on, check_code, recorded_at)
SELECT id, CASE role WHEN 8 THEN 5 ELSE 3 END, 'S' || id, '', DATE '2023-01-10', CASE WHEN role IN (6, 9) THEN DATE '2026-01-10' END,
       CASE role WHEN 7 THEN DATE '2026-01-15' END, 'S' || id, TIMESTAMPTZ '2023-01-10'
  FROM world WHERE source = 'post_months'
UNION ALL
SELECT id, 3, 'T' || id, '', DATE '2026-01-05', NULL, NULL, 'T' || id, TIMESTAMPTZ '2026-01-05'
  FROM world WHERE source = 'post_months' AND role = 9;
INSERT INTO caregiver_education (caregiver_id, degree, school, subject, obtained_on, recognition, recognised_on)
SELECT id, 'bachelor', '', '', DATE '2020-06-30', CASE role WHEN 0 THEN '' ELSE 'XL' || id END,
       CASE role WHEN 0 THEN NULL ELSE DATE '2020-06-30' END FROM world WHERE source = 'entry_rewards';

-- Accounts: three to one, couples to one, and one of a care worker's.
INSERT INTO payee_account (resident_id, bank, account_cipher, account_digest, last_four, holder_name, starts_on)
SELECT id, '', '', CASE WHEN role < 3 THEN sha256(convert_to('three ' || n / 200, 'UTF8'))
                        WHEN role IN (4, 5) THEN sha256(convert_to('two ' || n / 200, 'UTF8'))
                        WHEN role = 8 THEN :staff_digest ELSE sha256(convert_to('own ' || n, 'UTF8')) END,
       '0000', '', DATE '2020-01-01' FROM world WHERE source = 'vouchers';
UPDATE caregiver SET payee_cipher = :staff_cipher, payee_digest = sha256('staff') WHERE id = 6000100;

-- Programmes, runs, what they froze and what they came to.
INSERT INTO subsidy_family (id, code) SELECT DISTINCT run_id, source FROM world;
INSERT INTO policy_version (id, pack_id, programme, programme_no, family_no, content, digest, starts_on)
SELECT DISTINCT run_id, 1, source, run_id, run_id,
       jsonb_build_object(
           'facts', source, 'name', jsonb_build_object('zh', source, 'en', source), 'budget_line', source,
           'payee', CASE source WHEN 'vouchers' THEN 'resident' WHEN 'post_months' THEN 'caregiver'
                                WHEN 'entry_rewards' THEN 'caregiver' ELSE 'site' END,
           'notice', CASE source WHEN 'bed_months' THEN '{"days": 7}'::jsonb END,
           'asks', CASE source WHEN 'bed_months' THEN 'ability_level' END), ''::bytea, DATE '2020-01-01' FROM world;
INSERT INTO subsidy_run (id, programme, version_id, family_no, kind, division_code, first_month, months, stage, changes, facts,
                         lines, refused, total_fen, made_at, made_by, approved_at, approved_by, words)
SELECT DISTINCT run_id, source, run_id, run_id, 'regular', '1405', DATE '2026-01-01', 1,
       CASE source WHEN 'bed_months' THEN 'in_payment' WHEN 'vouchers' THEN 'approved' ELSE 'computed' END, '{}'::jsonb,
       0, 0, 0, 0, TIMESTAMPTZ '2026-02-02', 1002, TIMESTAMPTZ '2026-02-05', 1000, '' FROM world;
INSERT INTO subsidy_fact (run_id, number, beneficiary_id, resident_id, caregiver_id, site_id, month, part, on_day, subject, facts)
SELECT run_id, number, id, CASE WHEN source NOT IN ('post_months', 'entry_rewards') THEN id END,
       CASE WHEN source IN ('post_months', 'entry_rewards') THEN id END, site_id, DATE '2026-01-01', 0, DATE '2026-01-31', 'x:1',
       CASE source
           WHEN 'bed_months' THEN jsonb_build_object(
               'days_in_bed', CASE role WHEN 1 THEN 10 WHEN 3 THEN 20 WHEN 18 THEN 15 ELSE 31 END, 'days_of_month', 31,
               'ability_level', 'severe', 'stars', 3)
             || CASE WHEN role IN (12, 13) THEN '{"age": 80}'::jsonb WHEN role IN (14, 15) THEN '{"hardship_tier": "dibao"}'
                     WHEN role IN (16, 17) THEN '{"is_local": true}' ELSE '{}' END
           WHEN 'home_bed_months' THEN '{"minutes": 1800}'
           WHEN 'home_bed_builds' THEN jsonb_build_object('is_after_renovation', role = 6)
           WHEN 'meals_eaten' THEN '{"meals": 4}'
           WHEN 'post_months' THEN jsonb_build_object('attendance_days', 22,
               'skill_level', CASE WHEN role < 6 THEN 0 ELSE 3 END)
           WHEN 'entry_rewards' THEN '{"degree": "bachelor", "hired_on": "2023-07-15"}'
           ELSE '{"place": "community"}' END
  FROM world;
INSERT INTO subsidy_line (run_id, number, family_no, beneficiary_id, resident_id, caregiver_id, site_id, month, part, outcome,
                          amount_fen, trace, holds)
SELECT f.run_id, number, f.run_id, beneficiary_id, resident_id, caregiver_id, site_id, month, part, 'due', 30000, '{}', 0
  FROM subsidy_fact f;

-- Money that moved: three kinds of homes are paid, some before the notice was over, some by one who works there.
INSERT INTO subsidy_notice (id, run_id, code, starts_on, ends_on, days, shows_amounts, published_at, ended_at, words)
VALUES (1, 1, 'bench', '2026-02-06', '2026-02-12', 7, true, '2026-02-06', '2026-02-13', '');
INSERT INTO subsidy_budget (id, line, year, division_code, amount_fen) SELECT 1, 'bed_months', 2026, '1405', 1000000000000;
INSERT INTO subsidy_budget (id, line, year, division_code, amount_fen)
SELECT 2, 'vouchers', 2026, '1405', (count(*) - 20) * 30000 FROM world WHERE source = 'vouchers';
INSERT INTO subsidy_batch (id, budget_id, division_code, accounts_on, state, payments, gross_fen, netted_fen, total_fen, made_at,
                           made_by, checked_at, checked_by, sent_at, sent_by, words)
SELECT n, 1, '1405', DATE '2026-02-10', 'sent', 1, 0, 0, 0, s.at, 1003, s.at, 1004, s.at, CASE n WHEN 2 THEN 1005 ELSE 1003 END, ''
  FROM (VALUES (1, TIMESTAMPTZ '2026-02-10'), (2, TIMESTAMPTZ '2026-02-20')) AS s(n, at);
INSERT INTO subsidy_payment (id, batch_id, division_code, payee_kind, payee_id, payee_name, bank, holder_name, account_cipher,
                             account_digest, last_four, gross_fen, netted_fen, amount_fen, state, code, reason)
SELECT DISTINCT site_id, CASE home % 20 WHEN 13 THEN 1 ELSE 2 END, '1405', 'site', site_id, '', '', '', ''::bytea, ''::bytea, '',
       1, 0, 1, 'open', '', '' FROM world WHERE source = 'bed_months' AND home % 20 IN (11, 12, 13);
INSERT INTO subsidy_payment_line (payment_id, run_id, number, amount_fen)
SELECT site_id, run_id, number, 30000 FROM world WHERE source = 'bed_months' AND home % 20 IN (11, 12, 13);
-- The approver (1000) works at some homes, the cashier (1005) at others; another cashier works where nothing is paid.
INSERT INTO caregiver (id, name, pinyin, initials, born_on, id_number_cipher, id_number_digest, phone, language,
                       keeper_site_id, staff_id, payee_bank, registered_at)
SELECT 9000000 + s, '孙兰', 'x', 'x', DATE '1980-01-01', '', sha256(convert_to('staff ' || s, 'UTF8')), '+8614' || s, 'zh-CN', 90000,
       s, '', TIMESTAMPTZ '2023-01-01' FROM unnest(ARRAY[1000, 1003, 1005]) AS s;
INSERT INTO employment (caregiver_id, site_id, post, is_front_line, is_full_time, on_establishment, overlap_allowed, starts_on,
                        recorded_at)
SELECT DISTINCT 9000000 + CASE home % 20 WHEN 9 THEN 1000 WHEN 11 THEN 1005 ELSE 1003 END, site_id, 'finance', false, false,
       false, true, DATE '2023-01-01', TIMESTAMPTZ '2023-01-01'
  FROM world WHERE source = 'bed_months' AND home % 20 IN (9, 11, 14);

-- The labels.
INSERT INTO planted
SELECT p.check_name, w.run_id, w.number FROM world w JOIN LATERAL (VALUES
    ('after_death', source = 'bed_months' AND role = 0),
    ('days_over_beds', source = 'bed_months' AND home % 20 = 3),
    ('days_not_in_ledger', source = 'bed_months' AND role = 2),
    ('minutes_not_proved', source = 'home_bed_months' AND role = 0),
    ('lived_in_a_home', source = 'home_bed_months' AND role = 4),
    ('days_in_hospital', source = 'bed_months' AND role = 5 OR source = 'home_bed_months' AND role = 6),
    ('level_differs', source = 'bed_months' AND role = 7),
    ('level_expired', source = 'bed_months' AND role = 8),
    ('level_rose', source = 'bed_months' AND role = 10),
    ('assessor_hurried', source = 'bed_months' AND home % 20 = 7 AND role >= 150),
    ('heads_differ', source = 'bed_months' AND home % 20 = 5),
    ('one_signer', source = 'home_bed_months' AND home % 10 = 3 AND role % 100 BETWEEN 20 AND 27),
    ('invoice_twice', source = 'home_bed_builds' AND role IN (0, 1)),
    ('built_twice', source = 'home_bed_builds' AND role = 5),
    ('meals_unpaid', source = 'meals_eaten' AND role = 0),
    ('meals_underpaid', source = 'meals_eaten' AND role = 2),
    ('standing_differs', source = 'bed_months' AND role IN (12, 14, 16)),
    ('caregiver_uninsured', source = 'post_months' AND role = 0),
    ('two_employers', source = 'post_months' AND role = 2),
    ('attendance_short', source = 'post_months' AND role = 4),
    ('certificate_lacking', source = 'post_months' AND role IN (6, 7, 8)),
    ('reward_unentitled', source = 'entry_rewards' AND role BETWEEN 0 AND 3),
    ('account_shared', source = 'vouchers' AND role < 3),
    ('account_of_staff', source = 'vouchers' AND role = 8),
    ('close_to_operator', source = 'bed_months' AND home % 20 = 9),
    ('assessor_approved', source = 'bed_months' AND role = 19),
    ('paid_in_notice', source = 'bed_months' AND home % 20 = 13),
    ('vendor_related', source = 'bed_months' AND home % 20 = 11),
    ('over_budget', source = 'vouchers' AND number > (SELECT count(*) - 20 FROM world WHERE source = 'vouchers'))
) AS p(check_name, is_planted) ON p.is_planted;

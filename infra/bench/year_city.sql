-- sites
INSERT INTO provider (id, name, uscc, credit_status)
SELECT 1000000 + n, '测试机构' || n, '52140500' || lpad(n::text, 10, '0'), CASE n WHEN 1 THEN 'dishonest' ELSE 'good' END
  FROM generate_series(0, %(homes)s + %(providers)s + %(canteens)s) AS n;

INSERT INTO site (id, provider_id, kind, name, division_code, address, opening_state, features)
SELECT 1000000 + CASE kind WHEN 'care_home' THEN 0 WHEN 'home_care_provider' THEN 100000 ELSE 200000 END + place,
       1000000 + row_number() OVER () - 1, kind, named || lpad(place::text, 4, '0'),
       codes[1 + mod(place * 7, cardinality(codes))], '建设路 ' || place || ' 号', 'open', '{}'
  FROM (SELECT 'care_home' AS kind, '测试养老院' AS named, n AS place FROM generate_series(0, %(homes)s) AS n
        UNION ALL SELECT 'home_care_provider', '测试居家服务', n FROM generate_series(0, %(providers)s - 1) AS n
        UNION ALL SELECT 'canteen', '测试食堂', n FROM generate_series(0, %(canteens)s - 1) AS n) AS wanted,
       (SELECT array_agg(code ORDER BY code) AS codes FROM division WHERE level = 'village') AS villages;

INSERT INTO site_opening (site_id, state, starts_on, reason, recorded_at)
SELECT id, 'open', DATE '2019-01-01', '', TIMESTAMPTZ '2019-01-01 04:00Z' FROM site;

INSERT INTO site_star (site_id, stars, document, starts_on, ends_on)
SELECT id, CASE WHEN id = 1000000 + %(homes)s THEN 3 ELSE 3 + mod(id, 3) END, '等级评定结果', DATE '2024-01-01', DATE '2029-01-01'
  FROM site WHERE kind = 'care_home';

INSERT INTO bed_licence (site_id, kind, licensed, nursing, document, starts_on)
SELECT s.id, 'institution', 130 + 40 * later, 70 + 40 * later, '备案回执',
       CASE later WHEN 0 THEN DATE '2019-01-01' ELSE DATE '2026-03-01' END
  FROM site s CROSS JOIN generate_series(0, 1) AS later
 WHERE s.kind = 'care_home' AND (later = 0 OR mod(s.id, 10) = 0);

-- elders
INSERT INTO resident (id, name, pinyin, initials, sex, born_on, village_code, address)
SELECT 1000000 + n, '测试老人' || n, '', '', CASE mod(n, 5) WHEN 0 THEN 'male' WHEN 1 THEN 'male' ELSE 'female' END,
       DATE '1930-01-01' + mod(n * 7919::bigint, 12000)::int, codes[1 + mod(n, cardinality(codes))], ''
  FROM generate_series(0, %(elders)s - 1) AS n,
       (SELECT array_agg(code ORDER BY code) AS codes FROM division WHERE level = 'village') AS villages;

INSERT INTO hardship_period (resident_id, tier, starts_on)
SELECT 1000000 + n, CASE mod(n, 30) WHEN 0 THEN 'tekun' WHEN 10 THEN 'dibao' ELSE 'dibian' END, DATE '2020-01-01'
  FROM generate_series(0, %(elders)s - 1, 10) AS n;

INSERT INTO staff (id, sign_in_name, display_name, language)
SELECT 1000000 + n, 'assessor-' || n, '测试评估员', 'zh-CN' FROM generate_series(0, 20) AS n;

INSERT INTO assessment (resident_id, scale_version, reason, assessed_on, assessor_id, status, self_care, movement, mind,
                        senses, total, initial_level, final_level, figures, submitted_at, reviewed_by, reviewed_at,
                        starts_on, ends_on)
SELECT 1000000 + n, 'GB/T 42195-2022', 'first', day, 1000000 + mod(n, 20), 'confirmed', 10, 5, 10, 5, 30, level, level, '{}',
       day + time '10:00', 1000020, day + time '11:00', DATE '2025-07-01', DATE '2027-07-01'
  FROM (SELECT n, DATE '2024-11-01' + mod(n / 200, 240) AS day,
               CASE WHEN n >= %(elders)s - 4 THEN 'severe'
                    ELSE (ARRAY['moderate', 'severe', 'total', 'mild', 'moderate'])[1 + mod(n, 5)] END AS level
          FROM generate_series(0, %(elders)s - 1) AS n
         WHERE n < %(first_renovation)s OR n >= %(elders)s - 4) AS assessed;

-- homes
INSERT INTO room (id, site_id, floor, name)
SELECT 1000000 + n, 1000000 + n, 1, '101' FROM generate_series(0, %(homes)s) AS n;

INSERT INTO bed (id, site_id, room_id, kind, label, is_nursing, nursing_evidence, opened_on, recorded_at)
SELECT 1000000 + n, 1000000 + n / 120, 1000000 + n / 120, 'institution', 'B' || mod(n, 120), mod(n, 2) = 0, '{}',
       DATE '2019-01-01', TIMESTAMPTZ '2019-01-01 04:00Z'
  FROM generate_series(0, %(homes)s * 120 + 3) AS n;

INSERT INTO stay (id, resident_id, site_id, kind, status, planned_on, hold_until, admitted_on, ended_on, end_reason, note)
SELECT 1000000 + n, 1000000 + CASE WHEN n >= %(homes)s * 120 THEN %(elders)s - 4 + n - %(homes)s * 120 ELSE n END,
       1000000 + n / 120, 'institution', CASE WHEN leaves THEN 'ended' ELSE 'staying' END, since, since + 1, since,
       CASE WHEN leaves THEN DATE '2026-07-15' END, CASE WHEN leaves THEN 'went_home' END, ''
  FROM (SELECT n, DATE '2025-03-01' + mod(n, 90) AS since, mod(n, 17) = 3 AND n < %(homes)s * 120 AS leaves
          FROM generate_series(0, %(homes)s * 120 + 3) AS n) AS staying;

INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on, ends_on, reason, recorded_at,
                           end_recorded_at)
SELECT s.id, s.site_id, 'institution', spent.state, s.id, s.resident_id, spent.since, spent.until, '', spent.since + time '12:00',
       spent.until + time '12:00'
  FROM stay s CROSS JOIN LATERAL (
       SELECT 'occupied' AS state, s.admitted_on AS since,
              CASE WHEN mod(s.id, 23) = 5 THEN DATE '2026-05-10' ELSE s.ended_on END AS until
       UNION ALL SELECT 'on_leave', DATE '2026-05-10', DATE '2026-05-20' WHERE mod(s.id, 23) = 5
       UNION ALL SELECT 'occupied', DATE '2026-05-20', s.ended_on WHERE mod(s.id, 23) = 5) AS spent;

-- beds at home: each is served for all of the year, the second half of them built before it
INSERT INTO home_bed (id, resident_id, site_id, state, since, requested_by, applied_at, wishes, end_note)
SELECT 1000000 + n, 1000000 + %(first_home_bed)s + n, 1100000 + n / 50, 'serving', DATE '2025-12-25', 'staff',
       TIMESTAMPTZ '2025-10-01 04:00Z', '', ''
  FROM generate_series(0, %(home_beds)s - 1) AS n;

INSERT INTO home_bed_build (home_bed_id, resident_id, cost_fen, invoice_ref, installed_on, inventory, is_after_renovation,
                            asks_grant, recorded_at)
SELECT id, resident_id, 320000, 'F' || id, DATE '2025-12-20', '床、呼叫器', mod(id, 9) = 4, mod(id, 2) = 0, applied_at FROM home_bed;

INSERT INTO home_bed_acceptance (home_bed_id, resident_id, place, staff_id, accepted_at, note)
SELECT id, resident_id, place, 1000000 + place, TIMESTAMPTZ '2025-12-24 04:00Z', ''
  FROM home_bed CROSS JOIN generate_series(1, 2) AS place;

INSERT INTO home_bed_agreement (home_bed_id, resident_id, site_id, starts_on, ends_on, monthly_fee_fen, own_pay_fen, signed_by,
                                signed_on)
SELECT id, resident_id, site_id, DATE '2025-12-25', DATE '2027-12-25', 60000, 20000, '家属' || id, DATE '2025-12-20' FROM home_bed;

INSERT INTO home_month (site_id, month, beds, met, visits, minutes, confirmed, doubted, rated, satisfied, digest)
SELECT site_id, m::date, count(*), count(*), count(*) * 20, count(*) * 1900, 0, 0, 100, 95, sha256(m::text::bytea)
  FROM home_bed CROSS JOIN generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-01', interval '1 month') AS m
 GROUP BY site_id, m;

INSERT INTO home_month_bed (site_id, month, home_bed_id, resident_id, visits, minutes, life_minutes, nursing_visits, confirmed,
                            unproved, doubted, rated, satisfied, reasons)
SELECT site_id, m::date, id, resident_id, 20, CASE mod(id, 11) WHEN 7 THEN 1799 ELSE 1800 + mod(id, 300) END, 600, 2, 0, 0, 0, 1, 1, '{}'
  FROM home_bed CROSS JOIN generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-01', interval '1 month') AS m;

-- vouchers: an order a month of each; the first ten have a bed at home as well, which excludes them
INSERT INTO care_entitlement (id, resident_id, programme, state, requested_by, gets_care_allowance, applied_at, starts_on,
                              decided_at, note)
SELECT 1000000 + n, 1000000 + %(first_voucher)s + n, 'voucher', 'granted', 'staff', false, TIMESTAMPTZ '2025-12-01 04:00Z',
       DATE '2026-01-01', TIMESTAMPTZ '2025-12-10 04:00Z', ''
  FROM generate_series(0, %(vouchers)s - 1) AS n;

INSERT INTO care_allowance (id, entitlement_id, resident_id, programme, month, amount_fen, reserved_fen, redeemed_fen, basis, issued_at)
SELECT 1000000 + row_number() OVER (ORDER BY m, id), id, resident_id, 'voucher', m::date, 80000, 0, 30000, '{}', m + interval '8 hours'
  FROM care_entitlement CROSS JOIN generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-01', interval '1 month') AS m;

INSERT INTO staff (id, sign_in_name, display_name, language)
SELECT id + 1000000, 'care-worker-' || id, '测试护理员', 'zh-CN' FROM care_entitlement;

INSERT INTO care_visit (id, resident_id, site_id, worker_id, service_on, starts_at, minutes, services, state, cancel_reason)
SELECT id, resident_id, 1100000 + mod(resident_id, %(providers)s), entitlement_id + 1000000, month + 9, month + 9 + time '09:00', 120, '{bathing}', 'done', ''
  FROM care_allowance;

INSERT INTO visit_proof (visit_id, resident_id, site_id, worker_id, arrival_key, leaving_key, arrived_at, arrived_recorded_at,
                         left_at, left_recorded_at, tasks_done)
SELECT id, resident_id, site_id, worker_id, 'arrival-' || id, 'leaving-' || id, starts_at, starts_at, starts_at + interval '2 hours',
       starts_at + interval '2 hours', '{bathing}'
  FROM care_visit;

INSERT INTO care_order (resident_id, site_id, services, service_on, starts_at, minutes, bill_fen, purchased_fen, voucher_fen, own_fen,
                        voucher_id, basis, state, requested_by, ordered_at, visit_id, closed_at, cancel_reason)
SELECT resident_id, site_id, services, service_on, starts_at, minutes, 60000, 0, 30000, 30000, id, '{}', 'redeemed', 'self',
       starts_at - interval '5 days', id, starts_at + interval '2 hours', ''
  FROM care_visit;

-- homes made safe
INSERT INTO renovation (id, resident_id, site_id, state, since, requested_by, applied_at, wishes, address, home_key, holds, held_until,
                        has_trade_in, survey_note, tier, cost_fen, grant_fen, own_pay_fen, invoice_ref, finished_on, settled_on,
                        rating_words, end_note)
SELECT 1000000 + n, 1000000 + %(first_renovation)s + n, 1100000 + mod(n, %(providers)s), 'settled', settled, 'self',
       settled - interval '60 days', '', '', 'home-' || n, true, settled + 3650, false, '', coalesce(h.tier, 'none'), 400000, 240000, 160000, 'R' || n,
       settled - 10, settled, '', ''
  FROM (SELECT n, DATE '2026-01-15' + mod(n * 31, 340) AS settled FROM generate_series(0, %(renovations)s - 1) AS n) AS done
  LEFT JOIN hardship_period h ON h.resident_id = 1000000 + %(first_renovation)s + n;

-- meals
INSERT INTO canteen (site_id, operating_model, discount_percent, charity_fen, menu_version)
SELECT 1200000 + c, 'party_led', 0, 0, 1 FROM generate_series(0, %(canteens)s - 1) AS c;

INSERT INTO sitting (id, canteen_id, service_on, meal, capacity, booked, serves_from, serves_until, cutoff_at, list_price_fen, published_at)
SELECT 1000000 + row_number() OVER (ORDER BY day, c), 1200000 + c, day::date, 'lunch', 1000, 100, '11:00', '12:30',
       day - interval '8 hours', 1200, day - interval '7 days'
  FROM generate_series(0, %(canteens)s - 1) AS c,
       generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-31', interval '1 day') AS day
 WHERE extract(isodow FROM day) < 6;

INSERT INTO booking (id, sitting_id, canteen_id, resident_id, service_on, meal, status, booked_by, list_price_fen, operator_discount_fen,
                     subsidy_fen, charity_fen, own_pay_fen, subsidised_no, reasons, code, booked_at, collected_at, paid_how, paid_at,
                     subsidy_day_fen)
SELECT 1000000 + row_number() OVER (ORDER BY id, resident_id), id, canteen_id, resident_id, service_on, 'lunch', 'collected', 'self', 1200, 0,
       fen, 0, 1200 - fen, 1, '[]', lpad(mod(resident_id, 1000000)::text, 6, '0'), cutoff_at, service_on + time '11:20', 'cash',
       service_on + time '11:20', fen
  FROM (SELECT s.*, r.id AS resident_id, CASE WHEN years < 65 THEN 100 WHEN years < 80 THEN 200 ELSE 300 END
                   + CASE WHEN mod(r.id, 10) = 0 THEN 200 ELSE 0 END AS fen
          FROM sitting s
          JOIN LATERAL generate_series(mod((s.service_on - DATE '2026-01-01')::int, 3), 299, 3) AS place ON true
          JOIN resident r ON r.id = 1000000 + %(first_diner)s + (s.canteen_id - 1200000) * 300 + place
         CROSS JOIN LATERAL (SELECT extract(year FROM age(s.service_on, r.born_on)) AS years) AS old) AS eaten;

INSERT INTO meal_collection (client_key, booking_id, how, device_at, received_at, is_offline)
SELECT 'collected-' || id, id, 'qr', collected_at, collected_at, false FROM booking;

INSERT INTO meal_settlement (id, site_id, month, stage, meals, person_days, list_fen, discount_fen, subsidy_fen, charity_fen, own_pay_fen,
                             rate_fen, rate_parameter_id, operation_fen, adjustment_fen, owed_fen, digest, drawn_up_at, due_on, confirmed_at,
                             accepted_at, paid_number)
SELECT 1000000 + row_number() OVER (ORDER BY month, canteen_id), canteen_id, month, 'accepted', meals, meals, list_fen, 0, fen, 0,
       list_fen - fen, 300, (SELECT min(id) FROM parameter), meals * 300, 0, fen + meals * 300, sha256(canteen_id::text::bytea), at,
       at::date + 5, at, at, ''
  FROM (SELECT canteen_id, date_trunc('month', service_on)::date AS month, count(*) AS meals, sum(list_price_fen) AS list_fen,
               sum(subsidy_fen) AS fen, (date_trunc('month', service_on) + interval '1 month 1 day') AT TIME ZONE 'Asia/Shanghai' AS at
          FROM booking GROUP BY canteen_id, date_trunc('month', service_on)) AS eaten;

INSERT INTO meal_fact (booking_id, settlement_id, site_id, resident_id, service_on, meal, age, age_band, tier, list_price_fen,
                       operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen)
SELECT b.id, t.id, b.canteen_id, b.resident_id, b.service_on, b.meal, extract(year FROM age(b.service_on, r.born_on)), '',
       CASE WHEN mod(r.id, 10) <> 0 THEN 'none' ELSE h.tier END, b.list_price_fen, 0, b.subsidy_fen, 0, b.own_pay_fen
  FROM booking b JOIN resident r ON r.id = b.resident_id LEFT JOIN hardship_period h ON h.resident_id = r.id
  JOIN meal_settlement t ON t.site_id = b.canteen_id AND t.month = date_trunc('month', b.service_on)::date;

-- caregivers
INSERT INTO caregiver (id, name, pinyin, initials, born_on, id_number_cipher, id_number_digest, language, keeper_site_id, payee_bank,
                       payee_cipher, payee_digest, registered_at)
SELECT 1000000 + a.number, '测试护理员' || a.number, '', '', DATE '1980-01-01', '', sha256(('caregiver' || a.number)::bytea), 'zh-CN',
       1000000 + mod(a.number, %(homes)s), '农村信用社', a.cipher, a.digest, TIMESTAMPTZ '2023-07-01 04:00Z'
  FROM year_account a WHERE a.kind = 'caregiver';

INSERT INTO employment (id, caregiver_id, site_id, post, is_front_line, is_full_time, on_establishment, overlap_allowed, starts_on, recorded_at)
SELECT id, id, keeper_site_id, 'care', true, true, false, false, DATE '2023-07-10' + mod(id, 540)::int, registered_at FROM caregiver;

INSERT INTO employment_contract (employment_id, number, starts_on, insurance_payer, insurance_payer_name)
SELECT id, 'C' || id, starts_on, 'employer', '' FROM employment;

INSERT INTO caregiver_education (caregiver_id, degree, school, subject, obtained_on, recognition, recognised_on)
SELECT id, (ARRAY['secondary', 'college', 'bachelor'])[1 + mod(id, 3)], '测试学校', '护理', DATE '2020-07-01', 'R' || id, DATE '2020-08-01' FROM caregiver;

INSERT INTO skill_certificate (caregiver_id, level, number, issuer, issued_on, check_code, recorded_at)
SELECT id, 1 + mod(id, 5), 'S' || id, '测试鉴定中心', DATE '2022-05-01', 'K' || id, registered_at FROM caregiver;

INSERT INTO attendance_month (caregiver_id, site_id, month, days, source, filed_at)
SELECT id, keeper_site_id, m::date, CASE mod(id, 13) WHEN 6 THEN 19 ELSE 22 END, 'filed', m + interval '1 month'
  FROM caregiver CROSS JOIN generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-01', interval '1 month') AS m;

INSERT INTO caregiver_entitlement (caregiver_id, site_id, programme, period, month, state, amount_fen, standard_fen, band, reasons,
                                   rests_on_digest, reckoned_at)
SELECT caregiver_id, site_id, 'post_allowance', to_char(month, 'YYYY-MM'), month, 'entitled', 0, 0, '', '[{"code": "education-done"}]', '',
       filed_at FROM attendance_month;

INSERT INTO caregiver_entitlement (caregiver_id, site_id, programme, period, month, due_on, state, amount_fen, standard_fen, band, reasons,
                                   rests_on_digest, reckoned_at)
SELECT caregiver_id, site_id, 'entry_reward', years::text, date_trunc('month', due_on)::date, due_on, 'entitled', 0, 0, '', '[]', '',
       due_on + time '12:00'
  FROM (SELECT e.*, years, (e.starts_on + make_interval(years => years))::date AS due_on
          FROM employment e CROSS JOIN generate_series(1, 3) AS years) AS due;

-- courses
INSERT INTO course (id, name, kind, level, minutes, least_percent, has_exam, pass_mark, gives_certificate, issuer, cost_fen, about,
                    division_code, is_offered, created_at)
VALUES (1000000, '养老护理员五级培训', 'skill', 5, 2400, 80, true, 60, false, '', 0, '', %(city)s, true, TIMESTAMPTZ '2025-10-01 04:00Z');

INSERT INTO course_session (id, course_id, division_code, place, teacher, capacity, enrolled, enrol_until, starts_at, ends_at, state,
                            cancel_reason, teaching_fen, venue_fen, material_fen, exam_fen, created_at)
SELECT 1000000 + extract(month FROM m)::int, 1000000, %(city)s, '培训中心', '测试老师', 1000, %(trained)s, m, m + interval '3 days', m + interval '10 days',
       'published', '', 0, 0, 0, 0, m - interval '30 days'
  FROM generate_series(TIMESTAMP '2026-01-01', TIMESTAMP '2026-12-01', interval '1 month') AS m;

INSERT INTO enrolment (id, session_id, caregiver_id, name, state, joined_at, wrong_codes)
SELECT 1000000 + row_number() OVER (ORDER BY s.id, n), s.id, 1000000 + mod((s.id - 1000000) * %(trained)s + n, %(caregivers)s), '', 'enrolled', s.created_at, 0
  FROM course_session s CROSS JOIN generate_series(0, %(trained)s - 1) AS n;

INSERT INTO exam_result (enrolment_id, sitting_no, sat_on, score, is_passed, entered_by, entered_at, confirmed_by, confirmed_at)
SELECT e.id, 1, s.ends_at::date, 80, true, 1000000, s.ends_at, 1000001, s.ends_at FROM enrolment e JOIN course_session s ON s.id = e.session_id;

INSERT INTO training_subsidy (enrolment_id, session_id, caregiver_id, division_code, year, scheme, amount_fen, reasons, basis, frozen_at)
SELECT e.id, e.session_id, e.caregiver_id, %(city)s, 2026, 'first', 200000, '{}', '{}', s.ends_at
  FROM enrolment e JOIN course_session s ON s.id = e.session_id;

-- accounts
INSERT INTO subsidy_site_account (site_id, bank, account_cipher, account_digest, last_four, holder_name, starts_on, state, asked_at,
                                  decided_at)
SELECT s.id, '农村信用社', a.cipher, a.digest, a.last_four, s.name, DATE '2020-01-01', 'accepted', TIMESTAMPTZ '2020-01-01 04:00Z',
       TIMESTAMPTZ '2020-01-02 04:00Z'
  FROM (SELECT s.*, row_number() OVER (ORDER BY id) - 1 AS number FROM site s) s JOIN year_account a ON a.kind = 'site' AND a.number = s.number;

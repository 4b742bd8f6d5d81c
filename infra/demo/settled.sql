-- Lunches of the last three months: sittings, who ate there, who may know them, faces and words. Each canteen
-- has eaters of its own; the last one has not opened for some weeks.
INSERT INTO sitting (canteen_id, service_on, meal, capacity, serves_from, serves_until, cutoff_at,
                     list_price_fen, published_at, booked)
SELECT c.site_id, d.day, 'lunch', :places, '11:00', '12:30', (d.day - 1 + time '16:00') AT TIME ZONE :city,
       1000, (d.day - 7 + time '16:00') AT TIME ZONE :city, 0
  FROM canteen c
  CROSS JOIN (SELECT s::date AS day FROM generate_series(
                  CAST(:first AS date)::timestamp, CAST(:last AS date)::timestamp,
                  make_interval(days => :every)) AS s) d
 WHERE d.day < CAST(:last AS date) - :still OR c.site_id < (SELECT max(site_id) FROM canteen)
ON CONFLICT DO NOTHING;

WITH eater AS (
    SELECT id, born_on, row_number() OVER (ORDER BY id) - 1 AS place FROM resident
     WHERE died_on IS NULL AND moved_away_on IS NULL AND merged_into_id IS NULL
), figure AS (
    SELECT id, value FROM parameter WHERE key = 'meals.subsidy_by_age' AND ends_on IS NULL LIMIT 1
), own AS (
    SELECT s.*, e.id AS resident_id, e.place, f.id AS parameter_id, least(coalesce((
               SELECT (b ->> 'fen')::int FROM jsonb_array_elements(f.value) AS b
                WHERE extract(year FROM age(s.service_on, e.born_on)) >= (b ->> 'from_age')::int
                ORDER BY (b ->> 'from_age')::int DESC LIMIT 1), 0), s.list_price_fen) AS subsidy
      FROM (SELECT s.*, dense_rank() OVER (ORDER BY s.canteen_id) - 1 AS canteen_no FROM sitting s
             WHERE s.service_on < :today) s
      JOIN eater e ON e.place / :eaters = s.canteen_no
      CROSS JOIN figure f
)
INSERT INTO booking (sitting_id, canteen_id, resident_id, service_on, meal, status, booked_by, list_price_fen,
                     operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen, subsidised_no, reasons,
                     code, booked_at, collected_at)
SELECT id, canteen_id, resident_id, service_on, meal, 'collected', 'self', list_price_fen, 0, subsidy, 0,
       list_price_fen - subsidy, CASE WHEN subsidy > 0 THEN 1 END,
       jsonb_build_array(jsonb_build_object('code', 'subsidy-by-age', 'amount_fen', subsidy,
                                            'parameter_id', parameter_id)),
       lpad((place % 1000000)::text, 6, '0'), cutoff_at - interval '5 hours',
       (service_on + time '11:10' + make_interval(secs => (place * place * 37 + place * 61) % 4000)) AT TIME ZONE :city
  FROM own
ON CONFLICT DO NOTHING;

-- How the counter handed out the meals of the first month: by whom, and by the code on the phone.
INSERT INTO meal_collection (client_key, booking_id, how, device_at, received_at, is_offline, staff_id)
SELECT 'demo-tablet-' || lpad(k.id::text, 12, '0'), k.id, 'qr', k.collected_at, k.collected_at + interval '2 seconds', false,
       (SELECT min(r.staff_id) FROM staff_role r WHERE r.site_id = k.canteen_id AND r.role = 'canteen_staff')
  FROM booking k
 WHERE k.status = 'collected' AND k.service_on >= CAST(:first AS date)
   AND k.service_on < CAST(:first AS date) + interval '1 month'
ON CONFLICT DO NOTHING;

INSERT INTO care_link (resident_id, site_id, starts_on, ends_on)
SELECT DISTINCT resident_id, canteen_id, CAST(:first AS date), CAST(:until AS date) FROM booking
 WHERE service_on < :today
ON CONFLICT DO NOTHING;

INSERT INTO meal_rating (booking_id, resident_id, site_id, service_on, score, rated_at, changed_at)
SELECT id, resident_id, canteen_id, service_on, (ARRAY[3, 3, 2, 3, 1])[1 + id % 5], collected_at, collected_at
  FROM booking WHERE service_on < :today AND id % 4 = 0;

INSERT INTO meal_voice (kind, resident_id, site_id, booking_id, words, said_at, due_on, answer, answered_at,
                        handed_words)
SELECT (ARRAY['cold', 'suggestion', 'short'])[n], resident_id, canteen_id, id,
       (ARRAY['汤端上来是凉的', '希望周三有软一点的菜', ''])[n], :now, CAST(:due AS date),
       CASE n WHEN 3 THEN '已提醒打餐人员，分量按标准。' ELSE '' END, CASE n WHEN 3 THEN CAST(:now AS timestamptz) END, ''
  FROM (SELECT *, row_number() OVER (ORDER BY id DESC) AS n FROM booking
         WHERE service_on < :today AND canteen_id = (SELECT min(site_id) FROM canteen)) AS latest
 WHERE n <= 3;

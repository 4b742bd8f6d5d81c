-- One person's meals were handed out at two canteens within minutes.
, beside AS (
    SELECT *, lag(booking_id) OVER person AS before_id, lag(site_id) OVER person AS before_site,
           lag(collected_at) OVER person AS before_at
      FROM eaten
    WINDOW person AS (PARTITION BY resident_id ORDER BY collected_at, booking_id)
)
SELECT 'pair:' || before_id || ':' || booking_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'meals', jsonb_build_array(before_id, booking_id), 'canteen_id', site_id,
           'site_id', before_site, 'day', service_on,
           'minutes', floor(extract(epoch FROM collected_at - before_at) / 60),
           'amount_fen', subsidy_fen) AS evidence
  FROM beside
 WHERE before_site <> site_id AND collected_at - before_at <= make_interval(mins => :apart_minutes)
 ORDER BY booking_id

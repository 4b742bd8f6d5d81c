-- A visit was written down, or its worker, time or services were changed, on a later day than its own.
, changed AS (
    SELECT v.id AS visit_id, v.resident_id, v.site_id, v.worker_id, v.service_on, a.at, a.staff_id,
           e.body::jsonb AS line
      FROM care_visit v
      JOIN trail_entry e ON e.table_name = 'care_visit' AND e.row_key = v.id::text
      JOIN act a ON a.id = e.act_id
     WHERE v.service_on BETWEEN :since AND :until AND v.state <> 'cancelled'
       AND a.at >= CAST(:since AS date)::timestamp AT TIME ZONE 'Asia/Shanghai'
       AND (a.at AT TIME ZONE 'Asia/Shanghai')::date > v.service_on
), afterwards AS (
    SELECT *, count(*) OVER (PARTITION BY staff_id, (at AT TIME ZONE 'Asia/Shanghai')::date) AS by_one_hand
      FROM changed
     WHERE line ->> 'op' = 'INSERT'
        OR (line -> 'new') ?| ARRAY['worker_id', 'service_on', 'starts_at', 'minutes', 'services']
)
SELECT 'filled:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on, 'staff_id', (array_agg(staff_id ORDER BY at))[1],
           'on_day', min((at AT TIME ZONE 'Asia/Shanghai')::date), 'number', max(by_one_hand)) AS evidence
  FROM afterwards
 GROUP BY visit_id, resident_id, site_id, worker_id, service_on
 ORDER BY visit_id

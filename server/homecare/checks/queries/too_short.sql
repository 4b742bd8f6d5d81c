-- The visit lasted less than a share of the minutes that were ordered.
SELECT 'visit:' || visit_id AS subject, resident_id, NULL::bigint AS site_id,
       jsonb_build_object(
           'visits', jsonb_build_array(visit_id), 'site_id', site_id, 'worker_id', worker_id,
           'day', service_on, 'ordered', ordered, 'made', floor(made)) AS evidence
  FROM proved
 WHERE service_on BETWEEN :since AND :until AND made * 100 < ordered * :least_share_percent
 ORDER BY visit_id

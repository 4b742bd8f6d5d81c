-- The licences of the home up to the day.
SELECT 'bed_licence' AS kind, l.id AS key, l.site_id AS place, l.starts_on AS on_day,
       jsonb_build_object('bed_kind', l.kind, 'beds', l.licensed, 'nursing_beds', l.nursing,
                          'document', l.document) AS told
  FROM bed_licence l WHERE l.site_id = :site AND l.starts_on < :until

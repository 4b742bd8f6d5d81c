-- Of whom it was told lately that they were elsewhere, or no more, on days that no night looks at any longer.
SELECT resident_id, min(since) AS since
  FROM (SELECT o.resident_id, greatest(o.starts_on, CAST(:first AS date) - 400) AS since
          FROM bed_occupancy o
         WHERE o.resident_id IS NOT NULL AND o.superseded_at IS NULL AND o.starts_on < :first
           AND (o.recorded_at >= :at OR o.end_recorded_at >= :at)
        UNION ALL
        SELECT d.resident_id, greatest(d.happened_on, CAST(:first AS date) - 400)
          FROM departure d
         WHERE d.reversed_at IS NULL AND d.happened_on < :first AND d.reported_at >= :at) AS told
 GROUP BY resident_id
 ORDER BY resident_id

-- Paid for a month after the one of the death, or for more days than were lived in it.
, died AS (
    SELECT resident_id, min(happened_on) AS died_on
      FROM departure WHERE kind = 'died' AND reversed_at IS NULL GROUP BY resident_id
)
SELECT 'line:' || d.run_id || ':' || d.number AS subject, d.resident_id,
       CASE WHEN d.resident_id IS NULL THEN d.site_id END AS site_id,
       jsonb_build_object(
           'lines', jsonb_build_array(jsonb_build_array(d.run_id, d.number)), 'programme', d.programme,
           'month', d.month, 'site_id', d.site_id, 'amount_fen', d.fen,
           'died_on', x.died_on) AS evidence
 FROM due d JOIN died x ON x.resident_id = d.resident_id
WHERE x.died_on < d.month
   OR x.died_on < d.month_ends AND (d.facts ->> 'days_in_bed')::int > x.died_on - d.month + 1
 ORDER BY d.run_id, d.number

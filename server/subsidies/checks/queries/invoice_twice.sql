-- One invoice, or one line of it, was used for the homes of several people.
, used AS (
    SELECT b.resident_id, b.invoice_ref AS invoice FROM home_bed_build b
    UNION
    SELECT r.resident_id, r.invoice_ref FROM renovation r WHERE r.invoice_ref IS NOT NULL
    UNION
    SELECT h.resident_id, c.invoice_number || '#' || c.invoice_line
      FROM care_device c JOIN home_bed h ON h.id = c.home_bed_id
     WHERE c.invoice_number <> '' AND c.moved_from_id IS NULL
), twice AS (
    SELECT u.resident_id, u.invoice, t.people
      FROM used u JOIN (SELECT invoice, count(*) AS people FROM used GROUP BY invoice HAVING count(*) > 1) t
        USING (invoice)
)
SELECT 'invoice:' || d.run_id || ':' || min(d.number) AS subject, NULL::bigint AS resident_id,
       min(d.site_id) AS site_id,
       jsonb_build_object(
           'lines', jsonb_agg(jsonb_build_array(d.run_id, d.number) ORDER BY d.number), 'programme', min(d.programme),
           'month', min(d.month), 'site_id', min(d.site_id), 'amount_fen', sum(d.fen), 'number', min(t.people),
           'invoice', t.invoice) AS evidence
  FROM twice t JOIN due d ON d.resident_id = t.resident_id AND d.source IN ('home_bed_builds', 'renovations')
 GROUP BY d.run_id, t.invoice
 ORDER BY d.run_id, min(d.number)

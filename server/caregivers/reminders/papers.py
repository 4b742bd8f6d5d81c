"""Which papers a caregiver's claims would lack, and what puts right what a reminder named."""

# Beside rows `c` (caregiver) and `e` (employment): names of what is missing on `:day`. A contract
# that runs on counts when it was made for at least `:contract_years`, or for no fixed term.
MISSING = """
    array_remove(ARRAY[
        CASE WHEN NOT EXISTS (
            SELECT 1 FROM caregiver_education d
             WHERE d.caregiver_id = c.id AND d.recognised_on <= :day) THEN 'degree' END,
        CASE WHEN NOT EXISTS (
            SELECT 1 FROM employment_contract k
             WHERE k.employment_id = e.id AND k.starts_on <= :day
               AND (k.ends_on IS NULL
                    OR (k.ends_on > :day
                        AND k.ends_on >= k.starts_on + make_interval(years => :contract_years)))
            ) THEN 'contract' END,
        CASE WHEN c.payee_cipher IS NULL THEN 'payee' END,
        CASE WHEN NOT EXISTS (
            SELECT 1 FROM skill_certificate s
             WHERE s.caregiver_id = c.id AND s.issued_on <= :day
               AND (s.valid_until IS NULL OR s.valid_until >= :day)
               AND (s.annulled_on IS NULL OR s.annulled_on > :day)) THEN 'certificate' END
    ], NULL)
"""

# Beside a row `r` (reminder): true when a claim of its window is in.
CLAIMED = """
    EXISTS (
        SELECT 1 FROM allowance_claim k
         WHERE k.caregiver_id = r.caregiver_id AND k.programme = r.facts->>'programme'
           AND k.state IN ('handed_in', 'accepted')
           AND r.about_on BETWEEN k.opens_on AND k.closes_on)
"""

# Beside a row `r` (reminder): true when what it named has been put right by `:day`.
FIXED = f"""
    CASE r.kind
    WHEN 'certificate' THEN EXISTS (
        SELECT 1 FROM skill_certificate s
          JOIN skill_certificate old ON old.id = split_part(r.subject, ':', 2)::bigint
         WHERE s.caregiver_id = r.caregiver_id AND s.level <= old.level AND s.issued_on <= :day
           AND (s.valid_until IS NULL OR s.valid_until > r.about_on)
           AND (s.annulled_on IS NULL OR s.annulled_on > :day))
    WHEN 'contract' THEN EXISTS (
        SELECT 1 FROM employment_contract k
          JOIN employment_contract old ON old.id = split_part(r.subject, ':', 2)::bigint
         WHERE k.employment_id = old.employment_id AND k.starts_on <= r.about_on
           AND (k.ends_on IS NULL OR k.ends_on > r.about_on))
    WHEN 'education' THEN coalesce((
        SELECT sum(l.minutes) FROM continuing_education l
         WHERE l.caregiver_id = r.caregiver_id AND l.attended_on <= :day
           AND l.attended_on BETWEEN date_trunc('year', r.about_on)::date AND r.about_on
        ), 0) >= (r.facts->>'needed')::integer
    WHEN 'attendance' THEN (
        SELECT count(DISTINCT t.day) FROM attendance_day t
         WHERE t.caregiver_id = r.caregiver_id AND t.day <= :day
           AND t.day BETWEEN date_trunc('month', r.about_on)::date AND r.about_on
        ) >= (r.facts->>'needed')::integer
    WHEN 'papers' THEN NOT EXISTS (
        SELECT 1 FROM caregiver c
          JOIN employment e ON e.caregiver_id = c.id AND e.site_id = r.site_id
           AND e.starts_on <= :day AND (e.ends_on IS NULL OR e.ends_on > :day)
         WHERE c.id = r.caregiver_id
           AND {MISSING} && ARRAY(SELECT jsonb_array_elements_text(r.facts->'missing')))
    WHEN 'window_opens' THEN {CLAIMED}
    WHEN 'window_closes' THEN {CLAIMED}
    ELSE false END
"""

-- The claim of an elder who was entered twice counts for the number that was kept: whoever asked under the other one
-- has asked.
CREATE OR REPLACE FUNCTION claimed_months(p_programme text, p_claimant text, p_first date, p_until date)
RETURNS TABLE (claimant_id bigint, month date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT ROWS 10000 AS $$
    SELECT CASE WHEN r.merged_into_id IS NULL THEN c.claimant_id ELSE kept_of(c.claimant_id) END, m::date
      FROM subsidy_claim c
      LEFT JOIN resident r ON r.id = c.resident_id
     CROSS JOIN LATERAL generate_series(
           greatest(c.first_month, p_first)::timestamp,
           least(c.first_month + make_interval(months => c.months), p_until::timestamp) - interval '1 day',
           interval '1 month') AS m
     WHERE c.programme = p_programme AND c.claimant = p_claimant AND c.state = 'accepted'
       AND (seen_staff() IS NOT NULL OR sees_all())
    UNION
    SELECT l.caregiver_id, t.month
      FROM allowance_claim_line l
      JOIN allowance_claim c ON c.id = l.claim_id AND c.state = 'accepted'
      JOIN caregiver_entitlement t ON t.id = l.entitlement_id AND t.month >= p_first AND t.month < p_until
     WHERE p_claimant = 'caregiver' AND l.programme = p_programme AND l.is_live
       AND (seen_staff() IS NOT NULL OR sees_all())
$$;

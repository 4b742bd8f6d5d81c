-- What is asked a moment after a long run or a large batch was written is planned for what is there now: the server
-- counts by itself only once a minute, and plans until then as if there were nothing. Whoever counts already is left
-- to it: nobody waits here.
CREATE FUNCTION count_runs_anew() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) subsidy_line, subsidy_fact;
END $$;

CREATE FUNCTION count_payments_anew() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) subsidy_payment, subsidy_payment_line;
END $$;
GRANT EXECUTE ON FUNCTION count_runs_anew(), count_payments_anew() TO yinling_app;

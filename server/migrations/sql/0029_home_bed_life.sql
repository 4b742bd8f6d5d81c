-- What is written down about a bed at home is known to whoever may know of the bed.
ALTER TABLE home_bed_move ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_move USING (EXISTS (SELECT 1 FROM home_bed h WHERE h.id = home_bed_id));
ALTER TABLE home_bed_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_notice USING (EXISTS (SELECT 1 FROM home_bed h WHERE h.id = home_bed_id));
-- Who objects is nobody's business but the offices': neither the elder nor the provider reads it.
ALTER TABLE home_bed_objection ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_objection USING ((SELECT sees_all()) OR is_in_reach(resident_id));
ALTER TABLE home_bed_agreement ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_agreement USING (EXISTS (SELECT 1 FROM home_bed h WHERE h.id = home_bed_id));
ALTER TABLE home_bed_build ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_build USING (EXISTS (SELECT 1 FROM home_bed h WHERE h.id = home_bed_id));
ALTER TABLE home_bed_acceptance ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON home_bed_acceptance USING (EXISTS (SELECT 1 FROM home_bed h WHERE h.id = home_bed_id));

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_move FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_notice FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_objection FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_agreement FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_build FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON home_bed_acceptance FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- Steps, notices and agreements are written once. What was built may be put right while it is built.
GRANT SELECT, INSERT ON home_bed_move, home_bed_notice, home_bed_objection, home_bed_agreement, home_bed_build,
    home_bed_acceptance TO yinling_app;
GRANT UPDATE (settled_at, finding) ON home_bed_objection TO yinling_app;
GRANT UPDATE (cost_fen, invoice_ref, installed_on, inventory, is_after_renovation, asks_grant, recorded_at)
    ON home_bed_build TO yinling_app;
GRANT UPDATE (superseded_at) ON home_bed_acceptance TO yinling_app;
GRANT UPDATE (bed_id, pause_reason) ON home_bed TO yinling_app;

CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_move FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_notice FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_objection FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_agreement FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_build FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();
CREATE TRIGGER not_of_a_merged BEFORE INSERT ON home_bed_acceptance FOR EACH ROW EXECUTE FUNCTION keep_out_of_merged();

-- Nobody is served in a bed that two people have not accepted, whoever writes the state.
CREATE FUNCTION accepted_by_two() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF (SELECT count(DISTINCT a.staff_id) FROM home_bed_acceptance a
         WHERE a.home_bed_id = NEW.id AND a.superseded_at IS NULL) < 2 THEN
        RAISE EXCEPTION 'two different people accept a bed at home before it serves'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_home_bed_accepted_by_two';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accepted_by_two BEFORE UPDATE OF state ON home_bed FOR EACH ROW
    WHEN (OLD.state = 'acceptance' AND NEW.state = 'serving') EXECUTE FUNCTION accepted_by_two();

-- Who is to have a bed at home, for everybody to read while the notice runs: the name is masked here,
-- so that nobody above can forget it, the village is all there is of the address, and
-- nothing is said of anybody's health.
CREATE FUNCTION home_bed_notices(p_day date)
RETURNS TABLE (notice_id bigint, name text, age int, village text, county text, provider text,
               starts_on date, ends_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT n.id, left(r.name, 1) || '*', extract(year FROM age(p_day, r.born_on))::int, d.name, c.name,
           s.name, n.starts_on, n.ends_on
      FROM home_bed_notice n
      JOIN home_bed h ON h.id = n.home_bed_id AND h.state = 'notice'
      JOIN resident r ON r.id = h.resident_id
      JOIN division d ON d.code = r.village_code
      JOIN division c ON c.code = left(r.village_code, 6)
      LEFT JOIN site s ON s.id = h.site_id
     WHERE n.starts_on <= p_day AND n.ends_on > p_day
     ORDER BY c.code, d.name, n.id
$$;

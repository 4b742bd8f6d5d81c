-- The register is public; who may change a site is for the offices to say. Only its files are
-- guarded: photos are for everybody, papers for the site and for offices over its place.
DROP POLICY seen ON file;
CREATE POLICY seen ON file USING (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR purpose = 'site_photo'
    OR site_id IS NOT NULL AND is_kept_here(site_id)
) WITH CHECK (
    (SELECT sees_all())
    OR is_in_reach(resident_id)
    OR site_id IS NOT NULL AND is_kept_here(site_id)
);

CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site_opening FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site_paper FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site_star FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site_price FOR EACH ROW EXECUTE FUNCTION write_trail('id');
CREATE TRIGGER trail AFTER INSERT OR UPDATE OR DELETE ON site_photo FOR EACH ROW EXECUTE FUNCTION write_trail('id');

-- What a site was on a day does not change; a paper entered at the wrong site is taken out.
GRANT SELECT, INSERT ON site_opening, site_paper, site_star, site_price, site_photo TO yinling_app;
GRANT UPDATE (kind, number, issuer, starts_on, ends_on, file_id) ON site_paper TO yinling_app;
GRANT UPDATE (stars, document, starts_on, ends_on) ON site_star TO yinling_app;
GRANT UPDATE (item, lowest_fen, highest_fen, starts_on) ON site_price TO yinling_app;
GRANT UPDATE (caption, position) ON site_photo TO yinling_app;
GRANT DELETE ON site_paper, site_star, site_price, site_photo TO yinling_app;

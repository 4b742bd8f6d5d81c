-- What the application's role may do. Nothing is granted by default: a new table is named here.
REVOKE ALL ON FUNCTION seal_of(text) FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON
    division, provider, site, parameter, account, sign_in, staff, staff_role,
    resident, hardship_period, resident_grant, care_link, contact, message, canteen, dish
    TO yinling_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_code, throttle TO yinling_app;
GRANT SELECT, INSERT, DELETE ON idempotency_key, sitting_dish TO yinling_app;

-- `booked` is the database's own, and a booking's person, meal and price never change.
GRANT SELECT, INSERT ON sitting, booking TO yinling_app;
GRANT UPDATE (capacity, serves_from, serves_until, cutoff_at, list_price_fen, published_at, closed_at)
    ON sitting TO yinling_app;
GRANT UPDATE (status, collected_at, cancelled_at, cancel_reason) ON booking TO yinling_app;

GRANT SELECT ON act, alembic_version TO yinling_app;
GRANT SELECT ON act, trail_entry TO yinling_sealer;

-- Whether an act has a line is looked up by the index alone. The plan is kept for the life of a
-- connection: one made while the trail is short reads it from end to end, and goes on doing so as
-- the trail grows (a booking cost PostgreSQL 19 ms instead of 3).
ALTER FUNCTION write_line_of_act() SET enable_seqscan = off;

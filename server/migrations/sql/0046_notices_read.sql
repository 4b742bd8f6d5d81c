-- What somebody has read is their own affair: an account sees and sets its own marks alone.
ALTER TABLE meal_notice_read ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON meal_notice_read USING (
    account_id = (SELECT seen_account()) OR (SELECT sees_all())
);
GRANT SELECT, INSERT ON meal_notice_read TO yinling_app;

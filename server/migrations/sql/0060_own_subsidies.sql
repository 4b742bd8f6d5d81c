-- An elder and a caregiver look at their own lines; without these every line of the city is looked at.
CREATE INDEX ix_subsidy_line_resident_id ON subsidy_line (resident_id, month) WHERE resident_id IS NOT NULL;
CREATE INDEX ix_subsidy_line_caregiver_id ON subsidy_line (caregiver_id, month) WHERE caregiver_id IS NOT NULL;

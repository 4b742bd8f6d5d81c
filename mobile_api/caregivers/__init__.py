"""A caregiver's own file on their own phone."""

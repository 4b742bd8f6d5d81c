"""A caregiver's own allowances and claims, on the caregiver's phone."""

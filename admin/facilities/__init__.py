"""Facilities: beds and who is in them, what homes file day by day, and the bureau's view of it."""

"""Facilities: what they file day by day, and the office's view of it."""

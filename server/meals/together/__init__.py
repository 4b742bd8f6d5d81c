"""Meals that several people ask for in the same moment, taken in one transaction."""

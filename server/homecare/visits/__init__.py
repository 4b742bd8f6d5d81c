"""Visits at home: planned ahead, made, proved, and counted."""

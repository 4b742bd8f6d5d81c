"""Runs are approved: by others than who made them, slice by slice, and what is held out is kept."""

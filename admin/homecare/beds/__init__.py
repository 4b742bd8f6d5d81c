"""Beds at home: applications by stage, one bed with its next step, the public notice."""

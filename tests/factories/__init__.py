"""Rows for tests: everything not given is made up, and fits."""

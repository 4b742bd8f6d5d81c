"""Reads tables that others made, and checks every row before anything is written. No database.

A table comes as CSV or XLSX, in whatever encoding its maker had; a small YAML file says which of
its columns mean what. What cannot be used is never dropped in silence: it is a finding with its
row, column, value and reason, and the row is kept for the reject file.
"""

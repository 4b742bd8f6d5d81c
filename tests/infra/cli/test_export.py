"""Exported files open as tables, whoever wrote the words in them."""

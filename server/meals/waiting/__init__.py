"""Waiting for a place at a full sitting, and offers of one that lapse."""

"""Closing the months of providers, and how providers compare."""

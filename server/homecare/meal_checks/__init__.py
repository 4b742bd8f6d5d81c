"""Meals held against stays: both are known here, and neither knows the other."""

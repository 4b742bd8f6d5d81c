"""Settled months of canteens on the console: by stage, one with its meals, and adjustments."""

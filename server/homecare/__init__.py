"""Beds at home: their life from application to end, devices, care plans, and visits with proof."""

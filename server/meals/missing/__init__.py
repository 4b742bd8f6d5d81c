"""Meals that nobody came for, and what follows from many of them."""

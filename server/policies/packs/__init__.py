"""Packs of figures as they ship; a city replaces the reference pack by its own."""
